package dev.assay.image.pixels;

/**
 * Blends a transparent colour with white, equal to PIL's {@code alpha_composite} to the last bit.
 */
public final class AlphaOnWhite {
  private static final int EXTRA_BITS = 7;

  private AlphaOnWhite() {}

  /** One channel of one pixel, all of 0 to 255. */
  public static byte blend(int value, int alpha) {
    int sum = (value * alpha + 255 * (255 - alpha)) << EXTRA_BITS;
    int rounded = sum + (0x80 << EXTRA_BITS);
    return (byte) ((((rounded >> 8) + rounded) >> 8) >> EXTRA_BITS);
  }
}
