package dev.assay.image.png;

import dev.assay.image.pixels.AlphaOnWhite;
import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.Palette;

/** How a PNG stores its pixels, and how PIL makes opaque 8-bit RGB of them. */
final class PngPixels {
  private static final int GRAY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GRAY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  private final int width;
  private final int height;
  private final int depth; // bits a sample
  private final int type;
  private final boolean interlaced;
  private final Palette palette = new Palette();
  private int[] transparent; // the sample values of the one transparent colour, null if none

  /**
   * @param at where in the header depth, colour type and the rest stand
   */
  PngPixels(int width, int height, byte[] header, int at) {
    this.width = width;
    this.height = height;
    this.depth = header[at];
    this.type = header[at + 1];
    this.interlaced = header[at + 4] != 0;
    boolean known =
        switch (type) {
          case GRAY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case RGB, GRAY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known || header[at + 2] != 0 || header[at + 3] != 0 || header[at + 4] > 1) {
      throw BadImage.unreadable("PNG of colour type " + type + " with " + depth + " bits");
    }
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  boolean interlaced() {
    return interlaced;
  }

  int bitsPerPixel() {
    return depth
        * switch (type) {
          case GRAY, PALETTE -> 1;
          case GRAY_ALPHA -> 2;
          case RGB -> 3;
          default -> 4;
        };
  }

  void palette(byte[] colors) {
    palette.colors(colors, 0, colors.length / 3);
  }

  void transparency(byte[] chunk) {
    if (type == PALETTE) {
      palette.alphas(chunk);
    } else if (type == GRAY && chunk.length >= 2) {
      transparent = new int[] {word(chunk, 0)};
    } else if (type == RGB && chunk.length >= 6) {
      transparent = new int[] {word(chunk, 0), word(chunk, 2), word(chunk, 4)};
    }
  }

  /**
   * Converts one row.
   *
   * @param row filter byte, then the samples
   * @param step from one pixel to the next in {@code rgb}
   */
  void toRgb(byte[] row, int columns, byte[] rgb, int at, int step) {
    switch (type) {
      case GRAY -> gray(row, columns, rgb, at, step);
      case PALETTE -> {
        for (int i = 0; i < columns; i++, at += step) {
          palette.put(depth == 8 ? row[1 + i] & 0xff : packed(row, i), rgb, at);
        }
      }
      case RGB -> color(row, columns, rgb, at, step);
      default -> alpha(row, columns, rgb, at, step);
    }
  }

  private void gray(byte[] row, int columns, byte[] rgb, int at, int step) {
    int scale = depth < 8 ? 255 / ((1 << depth) - 1) : 1;
    for (int i = 0; i < columns; i++, at += step) {
      int sample =
          switch (depth) {
            case 8 -> row[1 + i] & 0xff;
            case 16 -> word(row, 1 + 2 * i);
            default -> packed(row, i);
          };
      int value = depth == 16 ? sample >> 8 : sample * scale;
      if (transparent != null && transparent[0] == sample) {
        value = 255;
      }
      rgb[at] = (byte) value;
      rgb[at + 1] = (byte) value;
      rgb[at + 2] = (byte) value;
    }
  }

  private void color(byte[] row, int columns, byte[] rgb, int at, int step) {
    int size = depth / 8;
    int from = 1;
    for (int i = 0; i < columns; i++, at += step, from += 3 * size) {
      boolean clear =
          transparent != null
              && sample(row, from) == transparent[0]
              && sample(row, from + size) == transparent[1]
              && sample(row, from + 2 * size) == transparent[2];
      rgb[at] = clear ? (byte) 255 : row[from];
      rgb[at + 1] = clear ? (byte) 255 : row[from + size];
      rgb[at + 2] = clear ? (byte) 255 : row[from + 2 * size];
    }
  }

  private void alpha(byte[] row, int columns, byte[] rgb, int at, int step) {
    int size = depth / 8;
    int colors = type == RGB_ALPHA ? 3 : 1;
    int from = 1;
    for (int i = 0; i < columns; i++, at += step, from += (colors + 1) * size) {
      int alpha = row[from + colors * size] & 0xff;
      for (int channel = 0; channel < 3; channel++) {
        int value = row[from + (colors == 3 ? channel * size : 0)] & 0xff;
        rgb[at + channel] = AlphaOnWhite.blend(value, alpha);
      }
    }
  }

  private int sample(byte[] row, int from) {
    return depth == 16 ? word(row, from) : row[from] & 0xff;
  }

  /** A sample of less than 8 bits: several in a byte, the first in the high bits. */
  private int packed(byte[] row, int i) {
    int bit = i * depth;
    return (row[1 + (bit >> 3)] & 0xff) >> (8 - depth - (bit & 7)) & ((1 << depth) - 1);
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
