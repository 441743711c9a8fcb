package dev.assay.job.mine;

import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.struct;

import dev.assay.job.JobContext;
import dev.assay.job.mine.JudgedQuery.Candidate;
import dev.assay.job.mine.JudgedQuery.Positive;
import dev.assay.job.workspace.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Collects what mining needs to know about each query, one row a query. */
final class JudgedQueries {
  private static final String POSITIVES = "positives";
  private static final String CANDIDATES = "candidates";

  private JudgedQueries() {}

  /** Columns query_id, content_hash, positives, candidates. Lists may be null, in any order. */
  static Dataset<Row> read(JobContext context) {
    Dataset<Row> hashes =
        context.read(Tables.CANDIDATES).select(Tables.CANDIDATE_ID, Tables.CONTENT_HASH);
    Dataset<Row> scored =
        context
            .read(Tables.SCORED)
            .select(Tables.QUERY_ID, Tables.CANDIDATE_ID, Tables.MARGIN, Tables.SCORE);
    Dataset<Row> positives =
        asLists(
            judged(context.read(Tables.POSITIVES).distinct(), hashes, scored),
            POSITIVES,
            Tables.CANDIDATE_ID,
            Tables.CONTENT_HASH,
            Tables.MARGIN,
            Tables.SCORE);
    Dataset<Row> candidates =
        asLists(
            judged(context.read(Tables.RETRIEVED), hashes, scored),
            CANDIDATES,
            Tables.CANDIDATE_ID,
            Tables.CONTENT_HASH,
            Tables.RANK,
            Tables.SIMILARITY,
            Tables.MARGIN,
            Tables.SCORE);
    Dataset<Row> queries =
        context.read(Tables.QUERIES).select(Tables.QUERY_ID, Tables.CONTENT_HASH);
    return positives
        .join(candidates, new String[] {Tables.QUERY_ID}, "full_outer")
        .join(queries, new String[] {Tables.QUERY_ID}, "left");
  }

  /**
   * With the judge's margin and score of each pair, and the candidate's content; null where
   * unknown.
   */
  private static Dataset<Row> judged(Dataset<Row> pairs, Dataset<Row> hashes, Dataset<Row> scored) {
    return pairs
        .join(scored, new String[] {Tables.QUERY_ID, Tables.CANDIDATE_ID}, "left")
        .join(hashes, new String[] {Tables.CANDIDATE_ID}, "left");
  }

  private static Dataset<Row> asLists(Dataset<Row> pairs, String name, String... fields) {
    Column[] columns = Arrays.stream(fields).map(functions::col).toArray(Column[]::new);
    return pairs.groupBy(Tables.QUERY_ID).agg(collect_list(struct(columns)).as(name));
  }

  /** A query of {@link #read}. */
  static JudgedQuery fromRow(Row row) {
    List<Positive> positives = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    Set<String> retrieved = new HashSet<>();
    for (Row pair : rows(row, CANDIDATES)) {
      Integer rank = pair.getAs(Tables.RANK);
      Float similarity = pair.getAs(Tables.SIMILARITY);
      candidates.add(candidate(pair, rank, similarity));
      retrieved.add(pair.getAs(Tables.CANDIDATE_ID));
    }
    for (Row pair : rows(row, POSITIVES)) {
      Candidate positive = candidate(pair, null, null);
      positives.add(new Positive(positive.candidateId(), positive.contentHash(), positive.score()));
      if (positive.isJudged() && !retrieved.contains(positive.candidateId())) {
        candidates.add(positive); // so that it gets its decision like any judged pair
      }
    }
    String contentHash = row.getAs(Tables.CONTENT_HASH);
    return new JudgedQuery(row.getAs(Tables.QUERY_ID), contentHash, positives, candidates);
  }

  private static Candidate candidate(Row pair, Integer rank, Float similarity) {
    return new Candidate(
        pair.getAs(Tables.CANDIDATE_ID),
        pair.getAs(Tables.CONTENT_HASH),
        rank,
        similarity,
        pair.getAs(Tables.MARGIN),
        pair.getAs(Tables.SCORE));
  }

  private static List<Row> rows(Row row, String field) {
    int index = row.fieldIndex(field);
    return row.isNullAt(index) ? List.of() : row.getList(index);
  }
}
