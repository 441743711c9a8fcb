package dev.assay.job.inference;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.IS_POSITIVE;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.TEXT;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which pairs there are to judge, under their names and under their contents. */
public final class PairTable {
  public static final String QUERY_TEXT = "query_text";
  public static final String QUERY_IMAGE = "query_image";
  public static final String CANDIDATE_TEXT = "candidate_text";
  public static final String CANDIDATE_IMAGE = "candidate_image";

  private PairTable() {}

  /**
   * The retrieved pairs and the positive ones, each pair once. A positive that was not retrieved
   * has neither rank nor similarity. Queries without a positive are left out: without its score
   * there is nothing to mine against.
   *
   * @return {@code query_id, candidate_id, is_positive, rank, similarity, query_hash,
   *     candidate_hash}
   */
  public static Dataset<Row> named(
      Dataset<Row> retrieved,
      Dataset<Row> positives,
      Dataset<Row> queries,
      Dataset<Row> candidates) {
    Dataset<Row> positive =
        positives.select(QUERY_ID, CANDIDATE_ID).distinct().withColumn(IS_POSITIVE, lit(true));
    return retrieved
        .join(positives.select(QUERY_ID).distinct(), QUERY_ID)
        .join(positive, new String[] {QUERY_ID, CANDIDATE_ID}, "full_outer")
        .withColumn(IS_POSITIVE, coalesce(col(IS_POSITIVE), lit(false)))
        .join(queries.select(col(QUERY_ID), col(CONTENT_HASH).as(QUERY_HASH)), QUERY_ID)
        .join(
            candidates.select(col(CANDIDATE_ID), col(CONTENT_HASH).as(CANDIDATE_HASH)),
            CANDIDATE_ID);
  }

  /** The distinct pairs of contents behind the names: both hashes, texts and images. */
  public static Dataset<Row> contents(
      Dataset<Row> named, Dataset<Row> queries, Dataset<Row> candidates) {
    return named
        .select(QUERY_HASH, CANDIDATE_HASH)
        .distinct()
        .join(items(queries, QUERY_HASH, QUERY_TEXT, QUERY_IMAGE), QUERY_HASH)
        .join(items(candidates, CANDIDATE_HASH, CANDIDATE_TEXT, CANDIDATE_IMAGE), CANDIDATE_HASH);
  }

  private static Dataset<Row> items(Dataset<Row> rows, String hash, String text, String image) {
    return rows.groupBy(col(CONTENT_HASH).as(hash))
        .agg(min(struct(col(TEXT), col(IMAGE))).as("item")) // any would do; this one is stable
        .select(col(hash), col("item." + TEXT).as(text), col("item." + IMAGE).as(image));
  }
}
