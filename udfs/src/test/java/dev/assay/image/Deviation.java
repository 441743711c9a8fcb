package dev.assay.image;

import dev.assay.image.pixels.RgbImage;

/** How far two images are apart. */
public final class Deviation {
  private Deviation() {}

  /** The largest difference of a channel of a pixel, in 8-bit steps; 256 if the sizes differ. */
  public static int max(RgbImage expected, RgbImage actual) {
    if (expected.width() != actual.width() || expected.height() != actual.height()) {
      return 256;
    }
    int max = 0;
    for (int i = 0; i < expected.rgb().length; i++) {
      max = Math.max(max, Math.abs((expected.rgb()[i] & 0xff) - (actual.rgb()[i] & 0xff)));
    }
    return max;
  }

  /** The mean difference of a channel of a pixel, in 8-bit steps, of images of one size. */
  public static double mean(RgbImage expected, RgbImage actual) {
    long sum = 0;
    for (int i = 0; i < expected.rgb().length; i++) {
      sum += Math.abs((expected.rgb()[i] & 0xff) - (actual.rgb()[i] & 0xff));
    }
    return (double) sum / expected.rgb().length;
  }
}
