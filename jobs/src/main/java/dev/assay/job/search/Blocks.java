package dev.assay.job.search;

import dev.assay.job.workspace.Tables;
import dev.assay.retrieval.CandidateBlock;
import dev.assay.retrieval.Exclusion;
import dev.assay.retrieval.QueryBlock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** Rows of {@link Searchable} as blocks. */
final class Blocks {
  /** The columns of candidates, in the order that {@link Candidates} reads. */
  static final List<String> CANDIDATE_COLUMNS =
      List.of(Searchable.POOL, Tables.CANDIDATE_ID, Tables.EMBEDDING, Tables.CONTENT_HASH);

  /** The columns of queries, in the order that {@link Queries} reads. */
  static final List<String> QUERY_COLUMNS =
      List.of(
          Searchable.POOL,
          Tables.QUERY_ID,
          Tables.EMBEDDING,
          Searchable.POSITIVES,
          Searchable.CONTENTS,
          Searchable.LIMIT);

  private static final int ID = 1;
  private static final int EMBEDDING = 2;
  private static final int CONTENT = 3;
  private static final int POSITIVES = 3;
  private static final int CONTENTS = 4;
  private static final int LIMIT = 5;

  private Blocks() {}

  /** A block of candidates. */
  static final class Candidates implements RowBlocks.Builder<CandidateBlock> {
    private final VectorRows vectors = new VectorRows();
    private final List<String> contents = new ArrayList<>();

    @Override
    public void add(InternalRow row) {
      vectors.add(text(row, ID), row.getArray(EMBEDDING).toFloatArray());
      contents.add(row.isNullAt(CONTENT) ? null : text(row, CONTENT));
    }

    @Override
    public CandidateBlock build() {
      return new CandidateBlock(vectors.ids(), contents.toArray(String[]::new), vectors.vectors());
    }
  }

  /** A block of queries. */
  static final class Queries implements RowBlocks.Builder<QueryBlock> {
    private final VectorRows vectors = new VectorRows();
    private final List<Exclusion> exclusions = new ArrayList<>();

    @Override
    public void add(InternalRow row) {
      vectors.add(text(row, ID), row.getArray(EMBEDDING).toFloatArray());
      exclusions.add(
          new Exclusion(
              texts(row, POSITIVES),
              texts(row, CONTENTS),
              row.isNullAt(LIMIT) ? Float.POSITIVE_INFINITY : row.getFloat(LIMIT)));
    }

    @Override
    public QueryBlock build() {
      return new QueryBlock(vectors.ids(), exclusions.toArray(Exclusion[]::new), vectors.vectors());
    }
  }

  private static String text(InternalRow row, int field) {
    return row.getUTF8String(field).toString();
  }

  private static Set<String> texts(InternalRow row, int field) {
    Set<String> texts = new HashSet<>();
    if (!row.isNullAt(field)) {
      ArrayData values = row.getArray(field);
      for (int i = 0; i < values.numElements(); i++) {
        texts.add(values.getUTF8String(i).toString());
      }
    }
    return texts;
  }
}
