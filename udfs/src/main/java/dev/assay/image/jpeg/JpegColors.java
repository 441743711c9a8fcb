package dev.assay.image.jpeg;

import dev.assay.image.pixels.BadImage;
import dev.assay.item.BadItemException;

/**
 * What a JPEG's components mean by libjpeg's rules, and their conversion to RGB in libjpeg's fixed
 * point. Four components are inks, stored inverted as Adobe does.
 */
enum JpegColors {
  GRAY(1),
  RGB(3),
  YCC(3),
  CMYK(4),
  YCCK(4);

  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);
  private static final int[] CR_TO_RED = new int[256];
  private static final int[] CR_TO_GREEN = new int[256];
  private static final int[] CB_TO_GREEN = new int[256];
  private static final int[] CB_TO_BLUE = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int chroma = i - 128;
      CR_TO_RED[i] = (fixed(1.402) * chroma + HALF) >> BITS;
      CB_TO_BLUE[i] = (fixed(1.772) * chroma + HALF) >> BITS;
      CR_TO_GREEN[i] = -fixed(0.71414) * chroma;
      CB_TO_GREEN[i] = -fixed(0.34414) * chroma + HALF;
    }
  }

  private final int components;

  JpegColors(int components) {
    this.components = components;
  }

  int components() {
    return components;
  }

  /**
   * Applies libjpeg's rules.
   *
   * @param ids of the frame's components
   * @param jfif there is a JFIF segment
   * @param adobe the transform in the Adobe segment, -1 if there is none
   * @throws BadItemException {@code unreadable_image} if there are 2 components or more than 4
   */
  static JpegColors of(int[] ids, boolean jfif, int adobe) {
    switch (ids.length) {
      case 1:
        return GRAY;
      case 3:
        if (jfif) {
          return YCC;
        }
        if (adobe >= 0) {
          return adobe == 0 ? RGB : YCC;
        }
        return ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B' ? RGB : YCC;
      case 4:
        return adobe > 0 ? YCCK : CMYK;
      default:
        throw BadImage.unreadable("JPEG of " + ids.length + " components");
    }
  }

  /**
   * Converts one row.
   *
   * @param from {@code [width, components]}
   * @param to receives {@code [width, 3]} from {@code at} on
   */
  void toRgb(byte[] from, int width, byte[] to, int at) {
    switch (this) {
      case GRAY -> {
        for (int i = 0; i < width; i++) {
          to[at + 3 * i] = from[i];
          to[at + 3 * i + 1] = from[i];
          to[at + 3 * i + 2] = from[i];
        }
      }
      case RGB -> System.arraycopy(from, 0, to, at, 3 * width);
      case YCC -> {
        for (int i = 0; i < 3 * width; i += 3) {
          int luma = from[i] & 0xff;
          int cb = from[i + 1] & 0xff;
          int cr = from[i + 2] & 0xff;
          to[at + i] = (byte) clamp(luma + CR_TO_RED[cr]);
          to[at + i + 1] = (byte) clamp(luma + ((CB_TO_GREEN[cb] + CR_TO_GREEN[cr]) >> BITS));
          to[at + i + 2] = (byte) clamp(luma + CB_TO_BLUE[cb]);
        }
      }
      case CMYK -> {
        for (int i = 0; i < width; i++) {
          int f = 4 * i;
          ink(from[f] & 0xff, from[f + 1] & 0xff, from[f + 2] & 0xff, from[f + 3], to, at + 3 * i);
        }
      }
      case YCCK -> {
        for (int i = 0; i < width; i++) {
          int f = 4 * i;
          int luma = from[f] & 0xff;
          int cb = from[f + 1] & 0xff;
          int cr = from[f + 2] & 0xff;
          int cyan = 255 - clamp(luma + CR_TO_RED[cr]);
          int magenta = 255 - clamp(luma + ((CB_TO_GREEN[cb] + CR_TO_GREEN[cr]) >> BITS));
          int yellow = 255 - clamp(luma + CB_TO_BLUE[cb]);
          ink(cyan, magenta, yellow, from[f + 3], to, at + 3 * i);
        }
      }
    }
  }

  /** PIL's CMYK to RGB, on inks that the file holds inverted: 255 is no ink. */
  private static void ink(int cyan, int magenta, int yellow, byte black, byte[] to, int at) {
    int light = black & 0xff;
    to[at] = (byte) (light - times(255 - cyan, light));
    to[at + 1] = (byte) (light - times(255 - magenta, light));
    to[at + 2] = (byte) (light - times(255 - yellow, light));
  }

  /** a * b / 255, rounded. */
  private static int times(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << BITS) + 0.5);
  }
}
