package dev.assay.image;

import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;

/**
 * Decodes an image file as PIL does: first frame, EXIF orientation applied, alpha laid on white,
 * 8-bit RGB, colour profiles ignored.
 *
 * <p>Only the JPEG entropy decoder is the JDK's and only WebP is a plugin's; all that decides a
 * pixel's value (colour conversion, palettes, 16 bits, alpha) is done here, since the JDK's choices
 * are not PIL's. An image that ends early is refused, never half decoded.
 */
public final class ImageDecoder {
  /** PIL warns of a decompression bomb from about 90 million pixels on. */
  public static final long DEFAULT_MAX_PIXELS = 100_000_000;

  private final long maxPixels;

  /**
   * @param maxPixels the most that a file's header may declare
   */
  public ImageDecoder(long maxPixels) {
    if (maxPixels <= 0) {
      throw new IllegalArgumentException("Cannot decode at most " + maxPixels + " pixels");
    }
    this.maxPixels = maxPixels;
  }

  /**
   * Decodes PNG, JPEG, WebP, GIF or BMP, told apart by their first bytes.
   *
   * @throws BadItemException {@code unreadable_image}, {@code truncated_image}, {@code
   *     oversized_image} (found in the header, before anything is allocated)
   */
  public RgbImage decode(EncodedImage image) {
    byte[] bytes = image.bytes();
    try {
      if (startsWith(bytes, 0, 0xff, 0xd8, 0xff)) {
        return new JpegReader(bytes).read(this);
      }
      if (startsWith(bytes, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
        return new PngReader(bytes).read(this);
      }
      if (startsWith(bytes, 0, 'G', 'I', 'F', '8')) {
        return new GifReader(bytes).read(this);
      }
      if (startsWith(bytes, 0, 'R', 'I', 'F', 'F') && startsWith(bytes, 8, 'W', 'E', 'B', 'P')) {
        return new WebpReader(bytes).read(this);
      }
      if (startsWith(bytes, 0, 'B', 'M')) {
        return new BmpReader(bytes).read(this);
      }
    } catch (BadItemException e) {
      throw e;
    } catch (RuntimeException e) {
      // Nothing that a file contains may stop a job; what the readers did not foresee is
      // unreadable.
      throw unreadable(e.toString());
    }
    throw unreadable("not a PNG, JPEG, WebP, GIF or BMP file");
  }

  /** Refuses a declared size before memory is allocated for it. */
  void admit(long width, long height) {
    if (width <= 0 || height <= 0) {
      throw unreadable("a size of " + width + "x" + height);
    }
    if (width * height > maxPixels || 3 * width * height > Integer.MAX_VALUE - 8) {
      throw new BadItemException(
          "oversized_image", width + "x" + height + " pixels, over " + maxPixels);
    }
  }

  static BadItemException unreadable(String why) {
    return new BadItemException("unreadable_image", why);
  }

  static BadItemException truncated(String why) {
    return new BadItemException("truncated_image", why);
  }

  private static boolean startsWith(byte[] bytes, int at, int... magic) {
    if (bytes.length < at + magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[at + i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
