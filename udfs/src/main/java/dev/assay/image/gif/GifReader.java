package dev.assay.image.gif;

import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.Palette;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import java.util.Arrays;

/**
 * GIF: the first frame, in its place on the canvas, as PIL shows it. The rest of the canvas is
 * transparent (white here) if the frame has a transparent index, else colour 0.
 */
public final class GifReader {
  private static final int EXTENSION = 0x21;
  private static final int FRAME = 0x2c;
  private static final int GRAPHIC_CONTROL = 0xf9;
  private static final int[] INTERLACE_START = {0, 4, 2, 1};
  private static final int[] INTERLACE_STEP = {8, 8, 4, 2};

  private final byte[] bytes;
  private final Palette palette = new Palette();
  private int transparent = -1;
  private int at;

  private GifReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a file.
   *
   * @throws BadItemException {@code unreadable_image}, {@code truncated_image}, {@code
   *     oversized_image}
   */
  public static RgbImage read(byte[] file, PixelLimit limit) {
    return new GifReader(file).read(limit);
  }

  private RgbImage read(PixelLimit limit) {
    try {
      int width = word(6);
      int height = word(8);
      limit.check(width, height);
      int flags = next(10);
      at = 13;
      if ((flags & 0x80) != 0) {
        readPalette(flags);
      }
      skipToFrame();
      int left = word(at);
      int top = word(at + 2);
      int frameWidth = word(at + 4);
      int frameHeight = word(at + 6);
      int frameFlags = next(at + 8);
      at += 9;
      // PIL widens the canvas for a frame that sticks out of it.
      width = Math.max(width, left + frameWidth);
      height = Math.max(height, top + frameHeight);
      limit.check(width, height);
      if ((frameFlags & 0x80) != 0) {
        readPalette(frameFlags);
      }
      if (transparent >= 0) {
        palette.transparent(transparent);
      }
      byte[] indices = new GifPixels(bytes, at).decode(frameWidth * frameHeight);
      byte[] canvas = new byte[width * height];
      Arrays.fill(canvas, (byte) Math.max(0, transparent));
      for (int row = 0; row < frameHeight; row++) {
        int y = (frameFlags & 0x40) != 0 ? interlaced(row, frameHeight) : row;
        System.arraycopy(indices, row * frameWidth, canvas, (top + y) * width + left, frameWidth);
      }
      byte[] rgb = new byte[3 * canvas.length];
      for (int i = 0; i < canvas.length; i++) {
        palette.put(canvas[i] & 0xff, rgb, 3 * i);
      }
      return new RgbImage(width, height, rgb);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw BadImage.truncated("GIF ends inside its first frame");
    }
  }

  private void readPalette(int flags) {
    int count = 2 << (flags & 7);
    palette.colors(bytes, at, count);
    at += 3 * count;
  }

  private void skipToFrame() {
    while (true) {
      int block = next(at++);
      if (block == FRAME) {
        return;
      }
      if (block == EXTENSION) {
        boolean control = next(at++) == GRAPHIC_CONTROL;
        if (control && (next(at + 1) & 1) != 0) {
          transparent = next(at + 4);
        }
        for (int length = next(at++); length != 0; length = next(at++)) {
          at += length;
        }
      } else if (block == 0x3b) {
        throw BadImage.unreadable("GIF without a frame");
      }
    }
  }

  /** The row of the image that the n-th stored row of an interlaced frame is. */
  private static int interlaced(int n, int height) {
    for (int pass = 0; pass < 4; pass++) {
      int rows = (height - INTERLACE_START[pass] + INTERLACE_STEP[pass] - 1) / INTERLACE_STEP[pass];
      if (n < rows) {
        return INTERLACE_START[pass] + n * INTERLACE_STEP[pass];
      }
      n -= rows;
    }
    throw new IllegalArgumentException("Row past the end of a frame of " + height);
  }

  private int next(int from) {
    return bytes[from] & 0xff;
  }

  private int word(int from) {
    return next(from) | next(from + 1) << 8;
  }
}
