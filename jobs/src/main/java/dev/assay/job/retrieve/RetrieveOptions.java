package dev.assay.job.retrieve;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.search.Pool;
import dev.assay.udf.compute.DeviceChoice;
import java.util.Objects;
import java.util.Optional;

/**
 * Settings of retrieval.
 *
 * @param topK how many candidates a query retrieves; at least 1
 * @param pool among which candidates
 * @param maxSimilarity δ
 * @param blockSize candidates in one matrix product; it changes memory and speed, not the result
 * @param ivf settings of a search in cells; empty for an exact search
 * @param device where the products are computed; it changes speed, not the result
 */
public record RetrieveOptions(
    int topK,
    Pool pool,
    SimilarityLimit maxSimilarity,
    int blockSize,
    Optional<IvfOptions> ivf,
    DeviceChoice device) {
  /**
   * @throws SettingsException if a number is too small
   */
  public RetrieveOptions {
    if (topK < 1) {
      throw new SettingsException("retrieve.top-k must be at least 1, not " + topK);
    }
    if (blockSize < 1) {
      throw new SettingsException("retrieve.block-size must be at least 1, not " + blockSize);
    }
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(maxSimilarity, "maxSimilarity");
    Objects.requireNonNull(ivf, "ivf");
    Objects.requireNonNull(device, "device");
  }

  /** An exact search, on the best device of each machine. */
  public RetrieveOptions(int topK, Pool pool, SimilarityLimit maxSimilarity, int blockSize) {
    this(topK, pool, maxSimilarity, blockSize, Optional.empty(), DeviceChoice.AUTO);
  }

  /** The paper's: the 50 nearest of all candidates that are less similar than the positive. */
  public static RetrieveOptions defaults() {
    return new RetrieveOptions(50, Pool.GLOBAL, SimilarityLimit.positive(), 4096);
  }
}
