package dev.assay.udf.compute;

import dev.assay.session.Limits;
import java.io.Serializable;

/**
 * What a model runs on and how much it is given at once.
 *
 * @param batchSize rows that are put to the model together; of a listwise reranker the longest list
 * @param maxTokens tokens in one pass of the decoder. Fewer need less memory.
 * @param maxImagePixels an image with more pixels is refused before it is decoded
 */
public record Compute(
    DeviceChoice device,
    PrecisionChoice precision,
    int batchSize,
    int maxTokens,
    long maxImagePixels)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public Compute {
    if (device == null || precision == null) {
      throw new IllegalArgumentException("device and precision must be set");
    }
    Limits.requirePositive("batchSize", batchSize);
    Limits.requirePositive("maxTokens", maxTokens);
    Limits.requirePositive("maxImagePixels", maxImagePixels);
  }

  /** The best device and precision of each machine. */
  public static Compute auto(int batchSize, int maxTokens) {
    return new Compute(
        DeviceChoice.AUTO,
        PrecisionChoice.AUTO,
        batchSize,
        maxTokens,
        Limits.defaults().maxImagePixels());
  }

  /** The bounds on what the model is given. */
  public Limits limits() {
    return new Limits(maxImagePixels, maxTokens);
  }

  /** The same on another device. */
  public Compute withDevice(DeviceChoice other) {
    return new Compute(other, precision, batchSize, maxTokens, maxImagePixels);
  }

  /** The same in another precision. */
  public Compute withPrecision(PrecisionChoice other) {
    return new Compute(device, other, batchSize, maxTokens, maxImagePixels);
  }

  /** The same with another batch size. */
  public Compute withBatchSize(int other) {
    return new Compute(device, precision, other, maxTokens, maxImagePixels);
  }
}
