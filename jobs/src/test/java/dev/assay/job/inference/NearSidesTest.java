package dev.assay.job.inference;

import static dev.assay.job.store.Computation.TOGETHER;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.job.TestSpark;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** 40 queries in four groups of ten; each group has eight candidates of its own. */
class NearSidesTest {
  private static final String PAIRS =
      "SELECT 'q' || q.id query_hash, 'c' || c.id candidate_hash, CAST(NULL AS STRING) query_image,"
          + " %s candidate_image FROM range(40) q JOIN range(32) c ON pmod(q.id - c.id, 4) = 0";

  @Test
  void sharedSidesWhoseOthersHaveTheSameImagesStandTogether() {
    Dataset<Row> pairs = together("'image'", 1000);
    assertEquals(4, pairs.select(TOGETHER).distinct().count());
    assertEquals(40, pairs.select("query_hash", TOGETHER).distinct().count());
  }

  @Test
  void noMoreOfThemThanAPartOfASliceAndASharedSideStaysWhole() {
    Dataset<Row> pairs = together("'image'", 4 * 24); // 24 pairs are three queries
    assertEquals(4 * 4, pairs.select(TOGETHER).distinct().count());
    assertEquals(40, pairs.select("query_hash", TOGETHER).distinct().count());
    assertEquals(
        3,
        pairs
            .groupBy(TOGETHER)
            .agg(countDistinct(col("query_hash")).as("n"))
            .selectExpr("max(n)")
            .first()
            .getLong(0));
  }

  @Test
  void whereTheOtherSidesHaveNoImagesEachSharedSideStandsAlone() {
    assertEquals(40, together("''", 1000).select(TOGETHER).distinct().count());
    assertEquals(40, together("CAST(NULL AS STRING)", 1000).select(TOGETHER).distinct().count());
  }

  private static Dataset<Row> together(String image, long sliceSize) {
    Dataset<Row> pairs = TestSpark.session().sql(PAIRS.formatted(image));
    return NearSides.of(sliceSize)
        .nearer(pairs.withColumn(TOGETHER, col("query_hash")), lit(false));
  }
}
