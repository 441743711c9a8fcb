package dev.assay.image.tiff;

import dev.assay.image.pixels.AlphaOnWhite;
import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.Palette;
import dev.assay.item.BadItemException;
import java.awt.image.Raster;

/** What the samples of a TIFF image mean, and their conversion to RGB as Pillow does it. */
final class TiffColors {
  private static final int WHITE_IS_ZERO = 0; // the JDK's reader has inverted it
  private static final int BLACK_IS_ZERO = 1;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int INKS = 5;
  private static final int YCC = 6; // the JDK's reader has made RGB of it
  private static final int ASSOCIATED_ALPHA = 1;
  private static final int ALPHA = 2;

  private final int photometric;
  private final int bits;
  private final int samples;
  private final int alpha; // ALPHA, ASSOCIATED_ALPHA, or anything else for none
  private final Palette palette;

  private TiffColors(int photometric, int bits, int samples, int alpha, Palette palette) {
    this.photometric = photometric;
    this.bits = bits;
    this.samples = samples;
    this.alpha = alpha;
    this.palette = palette;
  }

  /**
   * Reads what a header says of colours.
   *
   * @throws BadItemException {@code unreadable_image} for what is not supported: other colour
   *     spaces, and samples of other sizes than 1, 2, 4, 8 and 16 bits
   */
  static TiffColors of(TiffHeader header) {
    int photometric = (int) header.value(TiffHeader.PHOTOMETRIC, BLACK_IS_ZERO);
    int samples = (int) header.value(TiffHeader.SAMPLES, 1);
    long[] depths = header.values(TiffHeader.BITS);
    int bits = depths.length == 0 ? 1 : (int) depths[0];
    for (long depth : depths) {
      require(depth == bits, "samples of different sizes");
    }
    require(header.value(TiffHeader.SAMPLE_FORMAT, 1) == 1, "samples that are not whole numbers");
    int colors =
        switch (photometric) {
          case WHITE_IS_ZERO, BLACK_IS_ZERO, PALETTE -> 1;
          case RGB, YCC -> 3;
          case INKS -> 4;
          default -> throw BadImage.unreadable("TIFF of photometric " + photometric);
        };
    require(samples >= colors && samples <= colors + 1, samples + " samples a pixel");
    boolean small = bits == 1 || bits == 2 || bits == 4;
    boolean known = bits == 8 || (bits == 16 && photometric != PALETTE) || (small && samples == 1);
    require(known, samples + " samples of " + bits + " bits");
    int alpha = samples > colors ? (int) header.value(TiffHeader.EXTRA_SAMPLES, 0) : 0;
    Palette palette = photometric == PALETTE ? palette(header, bits) : null;
    return new TiffColors(photometric, bits, samples, alpha, palette);
  }

  private static Palette palette(TiffHeader header, int bits) {
    long[] map = header.values(TiffHeader.COLOR_MAP); // all reds, all greens, all blues, 16 bits
    int size = 1 << bits;
    require(map.length == 3 * size, "a colour map of " + map.length + " values");
    byte[] colors = new byte[3 * size];
    for (int i = 0; i < map.length; i++) {
      colors[3 * (i % size) + i / size] = (byte) (map[i] >> 8);
    }
    Palette palette = new Palette();
    palette.colors(colors, 0, size);
    return palette;
  }

  /** Converts one row of samples into its place in {@code rgb}. */
  void toRgb(Raster raster, int y, byte[] rgb) {
    int width = raster.getWidth();
    require(raster.getNumBands() == samples, "another number of samples than its header says");
    int[] row = raster.getPixels(0, y, width, 1, (int[]) null);
    int at = 3 * width * y;
    for (int from = 0; from < row.length; from += samples, at += 3) {
      if (photometric == PALETTE) {
        palette.put(row[from] & 0xff, rgb, at);
        continue;
      }
      int opacity =
          alpha == ALPHA || alpha == ASSOCIATED_ALPHA ? eight(row[from + samples - 1]) : 255;
      for (int channel = 0; channel < 3; channel++) {
        int value = value(row, from, channel);
        if (alpha == ASSOCIATED_ALPHA) {
          value = opacity == 0 ? 0 : Math.min(255, 255 * value / opacity);
        }
        rgb[at + channel] = AlphaOnWhite.blend(value, opacity);
      }
    }
  }

  /** Red, green or blue of a pixel, 0 to 255. */
  private int value(int[] row, int from, int channel) {
    return switch (photometric) {
      case RGB, YCC -> eight(row[from + channel]);
      case INKS -> {
        int light = 255 - eight(row[from + 3]);
        int product = eight(row[from + channel]) * light + 128;
        yield light - (((product >> 8) + product) >> 8);
      }
      default -> eight(row[from]);
    };
  }

  /** A sample on the scale of 0 to 255. */
  private int eight(int sample) {
    return switch (bits) {
      case 8 -> sample & 0xff;
      case 16 -> sample >> 8 & 0xff;
      default -> (sample & ((1 << bits) - 1)) * (255 / ((1 << bits) - 1));
    };
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw BadImage.unreadable("TIFF with " + problem);
    }
  }
}
