package dev.assay.image;

import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;

/**
 * Decodes an image file as PIL does: first frame, EXIF orientation applied, alpha blended with
 * white, 8-bit RGB, colour profiles ignored.
 *
 * <p>The JDK decodes JPEG's entropy codes and TIFF's compressions, and a plugin decodes WebP. All
 * that decides a pixel's value (colour conversion, palettes, 16 bits, alpha) is done here, since
 * the JDK's choices are not PIL's. An image that ends early is refused, never half decoded.
 */
public final class ImageDecoder {
  /** PIL warns of a decompression bomb from about 90 million pixels on. */
  public static final long DEFAULT_MAX_PIXELS = 100_000_000;

  private final PixelLimit limit;

  /**
   * @param maxPixels the most that a file's header may declare
   */
  public ImageDecoder(long maxPixels) {
    this.limit = new PixelLimit(maxPixels);
  }

  /** Whether a file begins like one of an image format that can be decoded. */
  public static boolean begins(byte[] file) {
    return ImageFormat.of(file).isPresent();
  }

  /**
   * How the names of such files end: {@code png}, {@code jpg}, {@code webp}, {@code gif}, {@code
   * bmp}, {@code tif}; {@code bin} if it is no image.
   */
  public static String extension(byte[] file) {
    return ImageFormat.of(file).map(ImageFormat::extension).orElse("bin");
  }

  /**
   * Decodes PNG, JPEG, WebP, GIF, BMP or TIFF. The first bytes of the file decide which.
   *
   * @throws BadItemException {@code unreadable_image}, {@code truncated_image}, {@code
   *     oversized_image} (found in the header, before anything is allocated)
   */
  public RgbImage decode(EncodedImage image) {
    ImageFormat format =
        ImageFormat.of(image.bytes())
            .orElseThrow(() -> BadImage.unreadable("not a PNG, JPEG, WebP, GIF, BMP or TIFF file"));
    try {
      return format.read(image.bytes(), limit);
    } catch (BadItemException e) {
      throw e;
    } catch (RuntimeException e) {
      // No content of a file may stop a job. What a reader did not foresee is unreadable.
      throw BadImage.unreadable(e.toString());
    }
  }
}
