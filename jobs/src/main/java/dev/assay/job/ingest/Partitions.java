package dev.assay.job.ingest;

import org.apache.spark.sql.SparkSession;

/** In how many parts Spark holds an input of a given length. */
final class Partitions {
  private static final long TABLE_BYTES = 2L << 20;
  private static final long IMAGE_BYTES = 16L << 10;

  private Partitions() {}

  /**
   * Parts of a table, and so its files: one for a small input, at most Spark's shuffle partitions.
   *
   * @param bytes of the input files
   */
  static int ofTables(SparkSession spark, long bytes) {
    int most = Integer.parseInt(spark.conf().get("spark.sql.shuffle.partitions"));
    return (int) Math.max(1, Math.min(most, bytes / TABLE_BYTES));
  }

  /**
   * Parts whose images are read by one task each. To read images takes longer than to read rows:
   * several parts per core, even for a short input.
   */
  static int ofImages(SparkSession spark, long bytes) {
    long several = Math.min(4L * spark.sparkContext().defaultParallelism(), bytes / IMAGE_BYTES);
    return (int) Math.max(ofTables(spark, bytes), several);
  }
}
