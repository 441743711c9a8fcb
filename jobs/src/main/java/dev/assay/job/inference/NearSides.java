package dev.assay.job.inference;

import static dev.assay.job.inference.PairTable.CANDIDATE_IMAGE;
import static dev.assay.job.inference.PairTable.QUERY_IMAGE;
import static dev.assay.job.store.Computation.TOGETHER;
import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Which pairs are judged in one slice. Those of one shared side are. So are those of shared sides
 * whose other sides have images in common, as far as a slice has room: an image is then encoded for
 * many of them at once. Nearness is the smallest hash among the other sides' images: two shared
 * sides agree in it with the probability that an image of either belongs to both (min-wise
 * hashing).
 *
 * @param most pairs of near shared sides that are put together on purpose
 */
record NearSides(long most) {
  private static final String NEAR = "__assay_near";
  private static final String PAIRS = "__assay_pairs";
  private static final String PLACE = "__assay_place";

  /** Small enough against a slice that slices are of nearly equal size. */
  static NearSides of(long sliceSize) {
    return new NearSides(Math.max(1, sliceSize / 4));
  }

  /**
   * Replaces {@link dev.assay.job.store.Computation#TOGETHER}, the shared side.
   *
   * @param pairs with both hashes and both image columns, empty where there is no image
   * @param candidateFirst whether the candidate is the shared side
   */
  Dataset<Row> nearer(Dataset<Row> pairs, Column candidateFirst) {
    Column other = when(candidateFirst, col(QUERY_HASH)).otherwise(col(CANDIDATE_HASH));
    Column image = when(candidateFirst, col(QUERY_IMAGE)).otherwise(col(CANDIDATE_IMAGE));
    Dataset<Row> sides =
        pairs
            .groupBy(TOGETHER)
            .agg(
                min(when(length(image.cast("string")).gt(0), xxhash64(other))).as(NEAR),
                count(lit(1)).as(PAIRS));
    WindowSpec before =
        Window.partitionBy(NEAR).orderBy(TOGETHER).rowsBetween(Window.unboundedPreceding(), -1);
    Column number = floor(coalesce(sum(PAIRS).over(before), lit(0)).divide(most));
    Dataset<Row> places =
        sides
            .where(col(NEAR).isNotNull())
            .select(col(TOGETHER), concat_ws(" ", col(NEAR), number).as(PLACE));
    return pairs
        .join(places, new String[] {TOGETHER}, "left")
        .withColumn(TOGETHER, coalesce(col(PLACE), col(TOGETHER)))
        .drop(PLACE);
  }
}
