package dev.assay.embed;

/**
 * How an embedder works.
 *
 * @param maxImagePixels an image with more pixels is refused before it is decoded
 * @param maxTokens tokens in one pass of the decoder at the most (a single longer item still
 *     passes)
 */
public record EmbedOptions(long maxImagePixels, int maxTokens) {
  public EmbedOptions {
    if (maxImagePixels < 1) {
      throw new IllegalArgumentException("maxImagePixels is " + maxImagePixels + ", below 1");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + ", below 1");
    }
  }

  /** Images up to 100 megapixels, 2048 tokens a pass. */
  public static EmbedOptions defaults() {
    return new EmbedOptions(100_000_000, 2048);
  }
}
