package dev.assay.train;

/**
 * How a replica works. None of it changes what it gives, beyond the last digits.
 *
 * @param maxImagePixels an image with more pixels is refused before it is decoded
 * @param maxTokens tokens in one pass at the most (a single longer sequence still passes)
 * @param recompute whether a pass keeps only each layer's input and computes the rest again on the
 *     way back: a third more work, far less memory
 * @param visionPatches how many patches of images go through a vision tower together, at the most,
 *     where it stays as it is. {@link #EACH_ALONE}: what an image becomes is then the same to the
 *     bit whatever is beside it; more where images do not come back and speed counts
 */
public record ReplicaOptions(
    long maxImagePixels, int maxTokens, boolean recompute, int visionPatches) {
  /** Images go through the vision tower one by one. */
  public static final int EACH_ALONE = 1;

  public ReplicaOptions {
    if (maxImagePixels < 1) {
      throw new IllegalArgumentException("maxImagePixels is " + maxImagePixels + ", below 1");
    }
    if (visionPatches < 1) {
      throw new IllegalArgumentException("visionPatches is " + visionPatches + ", below 1");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + ", below 1");
    }
  }
}
