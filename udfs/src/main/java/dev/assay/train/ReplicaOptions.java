package dev.assay.train;

import java.nio.file.Path;

/**
 * How a replica computes. The options change only the last digits of its results.
 *
 * @param maxImagePixels an image with more pixels is refused before it is decoded
 * @param maxTokens the most tokens in one pass; a single longer sequence is a pass of its own
 * @param recompute whether a pass keeps only each layer's input and computes the rest again in the
 *     backward pass: a third more work, far less memory
 * @param visionPatches the most patches of images that go through a frozen vision tower together.
 *     With {@link #EACH_ALONE} the features of an image have the same bits whatever else is in the
 *     batch. More is faster if images do not come back.
 * @param gradientFolder a local folder where gradients are summed in a file, for less memory; null:
 *     in memory. The results have the same bits
 */
public record ReplicaOptions(
    long maxImagePixels, int maxTokens, boolean recompute, int visionPatches, Path gradientFolder) {
  /** Images go through the vision tower one by one. */
  public static final int EACH_ALONE = 1;

  /** With gradients in memory. */
  public ReplicaOptions(long maxImagePixels, int maxTokens, boolean recompute, int visionPatches) {
    this(maxImagePixels, maxTokens, recompute, visionPatches, null);
  }

  public ReplicaOptions {
    if (maxImagePixels < 1) {
      throw new IllegalArgumentException(
          "maxImagePixels is " + maxImagePixels + ", but must be at least 1");
    }
    if (visionPatches < 1) {
      throw new IllegalArgumentException(
          "visionPatches is " + visionPatches + ", but must be at least 1");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + ", but must be at least 1");
    }
  }
}
