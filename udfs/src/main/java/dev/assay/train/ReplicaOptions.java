package dev.assay.train;

/**
 * How a replica works. None of it changes what it gives, beyond the last digits.
 *
 * @param maxImagePixels an image with more pixels is refused before it is decoded
 * @param maxTokens tokens in one pass at the most (a single longer sequence still passes)
 * @param recompute whether a pass keeps only each layer's input and computes the rest again on the
 *     way back: a third more work, far less memory
 */
public record ReplicaOptions(long maxImagePixels, int maxTokens, boolean recompute) {
  public ReplicaOptions {
    if (maxImagePixels < 1) {
      throw new IllegalArgumentException("maxImagePixels is " + maxImagePixels + ", below 1");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + ", below 1");
    }
  }
}
