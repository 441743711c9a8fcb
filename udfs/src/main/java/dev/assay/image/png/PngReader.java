package dev.assay.image.png;

import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.Orientation;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * PNG, all of its colour types, depths and interlacing. The JDK's reader is not used: it rounds 16
 * bits, applies gamma and fills up truncated files, and PIL does none of that.
 */
public final class PngReader {
  /** First column, first row, column step, row step of each pass of an interlaced image. */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  private final byte[] bytes;
  private final Inflater inflater = new Inflater();
  private int at = 8;
  private int dataLeft; // of the current IDAT chunk
  private int orientation = 1;

  private PngReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a file.
   *
   * @throws BadItemException {@code unreadable_image}, {@code truncated_image}, {@code
   *     oversized_image}
   */
  public static RgbImage read(byte[] file, PixelLimit limit) {
    return new PngReader(file).read(limit);
  }

  private RgbImage read(PixelLimit limit) {
    try {
      PngPixels pixels = header(limit);
      byte[] rgb = new byte[3 * pixels.width() * pixels.height()];
      for (int[] pass : pixels.interlaced() ? ADAM7 : ONE_PASS) {
        readPass(pixels, pass, rgb);
      }
      RgbImage image = new RgbImage(pixels.width(), pixels.height(), rgb);
      return Orientation.upright(image, orientationAfterData());
    } finally {
      inflater.end();
    }
  }

  /** Reads the chunks up to the first of the image data. */
  private PngPixels header(PixelLimit limit) {
    PngPixels pixels = null;
    while (true) {
      int length = chunkLength();
      String type = chunkType();
      int data = at + 8;
      if (type.equals("IDAT")) {
        if (pixels == null) {
          throw BadImage.unreadable("PNG without a header");
        }
        at = data;
        dataLeft = length;
        return pixels;
      }
      if (data + (long) length + 4 > bytes.length) {
        throw BadImage.truncated("PNG ends inside its " + type + " chunk");
      }
      switch (type) {
        case "IHDR" -> {
          if (length < 13) {
            throw BadImage.unreadable("PNG header of " + length + " bytes");
          }
          limit.check(integer(data) & 0xffffffffL, integer(data + 4) & 0xffffffffL);
          pixels = new PngPixels(integer(data), integer(data + 4), bytes, data + 8);
        }
        case "PLTE" -> {
          if (pixels != null) {
            pixels.palette(Arrays.copyOfRange(bytes, data, data + length));
          }
        }
        case "tRNS" -> {
          if (pixels != null) {
            pixels.transparency(Arrays.copyOfRange(bytes, data, data + length));
          }
        }
        case "eXIf" -> orientation = Orientation.of(Arrays.copyOfRange(bytes, data, data + length));
        case "IEND" -> throw BadImage.unreadable("PNG without image data");
        default -> {}
      }
      at = data + length + 4;
    }
  }

  private void readPass(PngPixels pixels, int[] pass, byte[] rgb) {
    int columns = (pixels.width() - pass[0] + pass[2] - 1) / pass[2];
    int rows = (pixels.height() - pass[1] + pass[3] - 1) / pass[3];
    if (columns <= 0 || rows <= 0) {
      return;
    }
    int stride = (int) (((long) columns * pixels.bitsPerPixel() + 7) / 8);
    int back = Math.max(1, pixels.bitsPerPixel() / 8);
    byte[] row = new byte[1 + stride];
    byte[] above = new byte[1 + stride];
    for (int y = 0; y < rows; y++) {
      fill(row);
      PngFilter.undo(row, above, back);
      int first = 3 * ((pass[1] + y * pass[3]) * pixels.width() + pass[0]);
      pixels.toRgb(row, columns, rgb, first, 3 * pass[2]);
      byte[] swap = above;
      above = row;
      row = swap;
    }
  }

  /** Inflates exactly one row. */
  private void fill(byte[] row) {
    int have = 0;
    try {
      while (have < row.length) {
        int got = inflater.inflate(row, have, row.length - have);
        have += got;
        if (got == 0) {
          if (inflater.finished() || inflater.needsDictionary()) {
            throw BadImage.truncated("PNG with less image data than its size needs");
          }
          nextData();
        }
      }
    } catch (DataFormatException e) {
      throw BadImage.unreadable("PNG: " + e.getMessage());
    }
  }

  /** Gives the inflater the rest of this IDAT chunk, or the next one. */
  private void nextData() {
    while (dataLeft == 0) {
      at += 4; // skip the checksum: zlib has its own, and PIL ignores this one too
      int length = chunkLength();
      if (!chunkType().equals("IDAT")) {
        throw BadImage.truncated("PNG with less image data than its size needs");
      }
      at += 8;
      dataLeft = length;
    }
    int length = Math.min(dataLeft, bytes.length - at);
    if (length <= 0) {
      throw BadImage.truncated("PNG ends inside its image data");
    }
    inflater.setInput(bytes, at, length);
    at += length;
    dataLeft -= length;
  }

  /** EXIF may also follow the image data. That is complete, so errors here are ignored. */
  private int orientationAfterData() {
    long next = at + (long) dataLeft + 4;
    while (orientation == 1 && next + 12 <= bytes.length) {
      at = (int) next;
      long length = integer(at) & 0xffffffffL;
      if (chunkType().equals("eXIf") && next + 12 + length <= bytes.length) {
        return Orientation.of(Arrays.copyOfRange(bytes, at + 8, at + 8 + (int) length));
      }
      next += 12 + length;
    }
    return orientation;
  }

  private int chunkLength() {
    if (at + 8 > bytes.length) {
      throw BadImage.truncated("PNG ends before its image data is complete");
    }
    int length = integer(at);
    if (length < 0) {
      throw BadImage.unreadable("PNG chunk of " + (length & 0xffffffffL) + " bytes");
    }
    return length;
  }

  private String chunkType() {
    return new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
  }

  private int integer(int from) {
    return (bytes[from] & 0xff) << 24
        | (bytes[from + 1] & 0xff) << 16
        | (bytes[from + 2] & 0xff) << 8
        | (bytes[from + 3] & 0xff);
  }
}
