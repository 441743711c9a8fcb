package dev.assay.session;

import java.io.Serializable;

/**
 * Bounds on what a model is given.
 *
 * @param maxImagePixels an image with more pixels is refused before it is decoded
 * @param maxTokens tokens in one pass of the decoder. A single longer item or image still passes.
 *     Fewer tokens need less memory, and the results are the same.
 */
public record Limits(long maxImagePixels, int maxTokens) implements Serializable {
  private static final long serialVersionUID = 1L;

  public Limits {
    requirePositive("maxImagePixels", maxImagePixels);
    requirePositive("maxTokens", maxTokens);
  }

  /** Images of up to 100 megapixels, 2048 tokens a pass. */
  public static Limits defaults() {
    return new Limits(100_000_000, 2048);
  }

  /** The same with another number of tokens. */
  public Limits withMaxTokens(int other) {
    return new Limits(maxImagePixels, other);
  }

  /**
   * @param name of the setting, for the message
   * @throws IllegalArgumentException if the value is below 1
   */
  public static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", but must be at least 1");
    }
  }
}
