package dev.assay.job.search;

import dev.assay.udf.compute.DeviceChoice;

/**
 * How a search is cut and where it runs. It changes memory and speed, and not the result.
 *
 * @param blockSize candidates in one matrix product
 * @param queries that a task holds
 * @param device where the products are computed
 */
public record SearchPlan(int blockSize, int queries, DeviceChoice device) {
  /** Bytes that the queries of a task may take, with what they found. */
  private static final long BYTES = 256L << 20;

  /** A number of a vector is there in float32, and in the precision of the products. */
  private static final int BYTES_OF_NUMBER = 2 * Float.BYTES;

  /** A hit is kept in two lists, with its id. */
  private static final int BYTES_OF_HIT = 80;

  /** As many queries as the memory of a task allows. */
  public static SearchPlan of(int blockSize, int dimensions, int k, DeviceChoice device) {
    long each = (long) dimensions * BYTES_OF_NUMBER + (long) k * BYTES_OF_HIT;
    return new SearchPlan(blockSize, (int) Math.max(1, BYTES / each), device);
  }

  /** The same with no more queries in a task. */
  public SearchPlan withAtMost(int most) {
    return new SearchPlan(blockSize, Math.min(queries, most), device);
  }
}
