package dev.assay.job;

import dev.assay.session.Limits;
import dev.assay.udf.compute.Compute;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.PrecisionChoice;

/** What tests run models on. */
public final class TestCompute {
  private TestCompute() {}

  /** The CPU, in float32. */
  public static Compute cpu(int batchSize, int maxTokens) {
    return new Compute(
        DeviceChoice.CPU,
        PrecisionChoice.FLOAT32,
        batchSize,
        maxTokens,
        Limits.defaults().maxImagePixels());
  }
}
