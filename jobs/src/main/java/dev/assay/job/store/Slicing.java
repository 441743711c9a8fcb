package dev.assay.job.store;

import static dev.assay.job.store.Computation.TOGETHER;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The slice of each row, by hash. Rows that share a side are in one slice, unless they are more
 * than a slice should have: then they are spread over several.
 *
 * @param key columns that identify a row
 * @param total how many rows there are
 * @param size rows of a slice
 */
record Slicing(List<String> key, long total, long size) {
  /** Column: the number of the slice. */
  static final String SLICE = "__assay_slice";

  private static final String PARTS = "__assay_parts";

  /** How many slices there are. */
  long slices() {
    return Math.max(1, (total + size - 1) / size);
  }

  /**
   * Replaces {@link Computation#TOGETHER} by {@link #SLICE}.
   *
   * @param keys all rows, not only those that are missing: a slice is the same in every run
   */
  Dataset<Row> slice(Dataset<Row> keys) {
    Dataset<Row> large =
        keys.groupBy(TOGETHER)
            .count()
            .where(col("count").gt(size))
            .select(col(TOGETHER), ceil(col("count").divide(size)).as(PARTS));
    Column[] columns = key.stream().map(name -> col(name)).toArray(Column[]::new);
    Column part = pmod(xxhash64(columns), coalesce(col(PARTS), lit(1L)));
    Column slice = pmod(xxhash64(col(TOGETHER), part), lit(slices())).cast("int");
    return keys.join(broadcast(large), new String[] {TOGETHER}, "left")
        .withColumn(SLICE, slice)
        .drop(TOGETHER, PARTS);
  }
}
