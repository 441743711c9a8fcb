package dev.assay.image.pixels;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** EXIF orientation: reads how an image was turned (eight ways), and turns it back. */
public final class Orientation {
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;

  private Orientation() {}

  /**
   * Reads the orientation tag.
   *
   * @param exif a TIFF structure, optionally behind {@code Exif\0\0}; null for none
   * @return 1 to 8; 1, upright, for anything missing or malformed
   */
  public static int of(byte[] exif) {
    if (exif == null || exif.length < 8) {
      return 1;
    }
    int start = exif[0] == 'E' && exif[1] == 'x' ? 6 : 0;
    try {
      ByteBuffer tiff = ByteBuffer.wrap(exif, start, exif.length - start).slice();
      tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int at = tiff.getInt(4);
      int entries = tiff.getShort(at) & 0xffff;
      for (int i = 0; i < entries; i++) {
        int entry = at + 2 + 12 * i;
        if ((tiff.getShort(entry) & 0xffff) == TAG) {
          int type = tiff.getShort(entry + 2);
          int value = type == SHORT ? tiff.getShort(entry + 8) : tiff.getInt(entry + 8);
          return value >= 1 && value <= 8 ? value : 1;
        }
      }
      return 1;
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      return 1;
    }
  }

  /** Turns an image upright, as PIL's {@code ImageOps.exif_transpose}. */
  public static RgbImage upright(RgbImage image, int orientation) {
    if (orientation == 1) {
      return image;
    }
    int width = image.width();
    int height = image.height();
    boolean swapped = orientation >= 5;
    boolean fromRight =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean fromBottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    int outWidth = swapped ? height : width;
    int outHeight = swapped ? width : height;
    int at = 0;
    for (int y = 0; y < outHeight; y++) {
      for (int x = 0; x < outWidth; x++) {
        int column = swapped ? y : x;
        int row = swapped ? x : y;
        column = fromRight ? width - 1 - column : column;
        row = fromBottom ? height - 1 - row : row;
        int source = 3 * (row * width + column);
        to[at++] = from[source];
        to[at++] = from[source + 1];
        to[at++] = from[source + 2];
      }
    }
    return new RgbImage(outWidth, outHeight, to);
  }
}
