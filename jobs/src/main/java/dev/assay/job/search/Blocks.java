package dev.assay.job.search;

import dev.assay.job.workspace.Tables;
import dev.assay.retrieval.CandidateBlock;
import dev.assay.retrieval.Exclusion;
import dev.assay.retrieval.QueryBlock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;

/** Rows of {@link Searchable} as blocks. */
final class Blocks {
  private Blocks() {}

  static CandidateBlock candidates(List<Row> rows) {
    String[] contents = new String[rows.size()];
    for (int i = 0; i < contents.length; i++) {
      contents[i] = rows.get(i).getAs(Tables.CONTENT_HASH);
    }
    String[] ids = ids(rows, Tables.CANDIDATE_ID);
    return new CandidateBlock(ids, contents, vectors(rows, ids));
  }

  static QueryBlock queries(List<Row> rows) {
    Exclusion[] exclusions = new Exclusion[rows.size()];
    for (int i = 0; i < exclusions.length; i++) {
      Row row = rows.get(i);
      Float limit = row.getAs(Searchable.LIMIT);
      exclusions[i] =
          new Exclusion(
              strings(row, Searchable.POSITIVES),
              strings(row, Searchable.CONTENTS),
              limit == null ? Float.POSITIVE_INFINITY : limit);
    }
    String[] ids = ids(rows, Tables.QUERY_ID);
    return new QueryBlock(ids, exclusions, vectors(rows, ids));
  }

  private static String[] ids(List<Row> rows, String column) {
    return rows.stream().map(row -> (String) row.getAs(column)).toArray(String[]::new);
  }

  private static Set<String> strings(Row row, String column) {
    int field = row.fieldIndex(column);
    return row.isNullAt(field) ? Set.of() : new HashSet<>(row.<String>getList(field));
  }

  private static float[] vectors(List<Row> rows, String[] ids) {
    int field = rows.get(0).fieldIndex(Tables.EMBEDDING);
    int dimensions = rows.get(0).getList(field).size();
    float[] vectors = new float[Math.multiplyExact(rows.size(), dimensions)];
    for (int i = 0; i < rows.size(); i++) {
      Vectors.copy(ids[i], Vectors.floats(rows.get(i), field), vectors, i, dimensions);
    }
    return vectors;
  }
}
