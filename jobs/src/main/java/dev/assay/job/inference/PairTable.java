package dev.assay.job.inference;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.IS_POSITIVE;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.store.Wanted;
import java.util.List;
import org.apache.spark.sql.Column;
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
   *     candidate_hash}, and {@code query_image, candidate_image}: null where there is no image. A
   *     judge may need to know this; which image it is does not matter here
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
        .join(
            queries.select(
                col(QUERY_ID), col(CONTENT_HASH).as(QUERY_HASH), hasImage().as(QUERY_IMAGE)),
            QUERY_ID)
        .join(
            candidates.select(
                col(CANDIDATE_ID),
                col(CONTENT_HASH).as(CANDIDATE_HASH),
                hasImage().as(CANDIDATE_IMAGE)),
            CANDIDATE_ID);
  }

  /**
   * The pairs of contents behind the names.
   *
   * @param named what {@link #named} gives, or other rows with both hashes and both {@code image}
   *     columns
   */
  public static Wanted wanted(Dataset<Row> named, Dataset<Row> queries, Dataset<Row> candidates) {
    return new Wanted(
        named.select(QUERY_HASH, CANDIDATE_HASH, QUERY_IMAGE, CANDIDATE_IMAGE),
        sides(EmbedItems.contents(queries), EmbedItems.contents(candidates)));
  }

  /**
   * The two contents of a pair.
   *
   * @param queries {@code content_hash, text, image}, one row for each content
   * @param candidates the same
   */
  public static List<Wanted.Side> sides(Dataset<Row> queries, Dataset<Row> candidates) {
    return List.of(
        new Wanted.Side(QUERY_HASH, QUERY_TEXT, QUERY_IMAGE, queries),
        new Wanted.Side(CANDIDATE_HASH, CANDIDATE_TEXT, CANDIDATE_IMAGE, candidates));
  }

  /** Appends to pairs of contents what {@link #named} says of their images. */
  public static Dataset<Row> withImages(
      Dataset<Row> pairs, Dataset<Row> queries, Dataset<Row> candidates) {
    return pairs
        .join(hashes(queries, QUERY_HASH, QUERY_IMAGE), QUERY_HASH)
        .join(hashes(candidates, CANDIDATE_HASH, CANDIDATE_IMAGE), CANDIDATE_HASH);
  }

  private static Dataset<Row> hashes(Dataset<Row> items, String hash, String image) {
    return items.groupBy(col(CONTENT_HASH).as(hash)).agg(max(hasImage()).as(image));
  }

  /** Not null where an item has an image. */
  private static Column hasImage() {
    return when(length(col(IMAGE)).gt(0), lit("image"));
  }
}
