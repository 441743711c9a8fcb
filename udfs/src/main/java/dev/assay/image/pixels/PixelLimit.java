package dev.assay.image.pixels;

import dev.assay.item.BadItemException;

/**
 * The most pixels that an image may have. A reader asks before it allocates memory, so that a small
 * file which declares a huge image is refused.
 *
 * @param maxPixels width times height, at least 1
 */
public record PixelLimit(long maxPixels) {
  public PixelLimit {
    if (maxPixels <= 0) {
      throw new IllegalArgumentException("Cannot decode at most " + maxPixels + " pixels");
    }
  }

  /**
   * Checks the size that a file's header declares.
   *
   * @throws BadItemException {@code oversized_image} if it is over the limit, {@code
   *     unreadable_image} if a side is not positive
   */
  public void check(long width, long height) {
    if (width <= 0 || height <= 0) {
      throw BadImage.unreadable("a size of " + width + "x" + height);
    }
    if (width * height > maxPixels || 3 * width * height > Integer.MAX_VALUE - 8) {
      throw new BadItemException(
          "oversized_image", width + "x" + height + " pixels, over " + maxPixels);
    }
  }
}
