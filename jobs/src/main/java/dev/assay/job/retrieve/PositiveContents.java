package dev.assay.job.retrieve;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.search.Searchable;
import dev.assay.job.workspace.Tables;
import dev.assay.retrieval.Exclusion.Reason;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The contents of queries' positives. One candidate stands for all of its content in the search; in
 * the table {@code excluded} such a content goes by the id of the query's positive.
 *
 * @param positives columns query_id, content_hash, positive_id: the smallest id among the query's
 *     positives of that content
 * @param contents columns candidate_id, content_hash of candidates
 */
record PositiveContents(Dataset<Row> positives, Dataset<Row> contents) {
  /**
   * @param positives columns query_id, candidate_id
   * @param queries columns query_id, pool
   * @param candidates columns candidate_id, content_hash, pool
   */
  static PositiveContents of(
      Dataset<Row> positives, Dataset<Row> queries, Dataset<Row> candidates) {
    Dataset<Row> named =
        positives
            .join(candidates, Tables.CANDIDATE_ID)
            .join(queries, new String[] {Tables.QUERY_ID, Searchable.POOL})
            .groupBy(Tables.QUERY_ID, Tables.CONTENT_HASH)
            .agg(min(Tables.CANDIDATE_ID).as(Tables.POSITIVE_ID));
    return new PositiveContents(named, candidates.select(Tables.CANDIDATE_ID, Tables.CONTENT_HASH));
  }

  /** Rows of {@code excluded}, with the positive's id where the content is a positive's. */
  Dataset<Row> name(Dataset<Row> excluded) {
    Column positive = col(Tables.POSITIVE_ID);
    return excluded
        .join(contents, Tables.CANDIDATE_ID)
        .join(positives, new String[] {Tables.QUERY_ID, Tables.CONTENT_HASH}, "left")
        .withColumn(Tables.CANDIDATE_ID, coalesce(positive, col(Tables.CANDIDATE_ID)))
        .withColumn(
            Tables.REASON,
            when(positive.isNotNull(), lit(Reason.POSITIVE.label())).otherwise(col(Tables.REASON)));
  }
}
