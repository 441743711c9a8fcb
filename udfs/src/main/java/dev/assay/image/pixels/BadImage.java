package dev.assay.image.pixels;

import dev.assay.item.BadItemException;

/** The two ways in which the bytes of an image file can be wrong. */
public final class BadImage {
  private BadImage() {}

  /** The file breaks the rules of its format, or uses what is not supported. */
  public static BadItemException unreadable(String why) {
    return new BadItemException("unreadable_image", why);
  }

  /** The file ends before the image is complete. */
  public static BadItemException truncated(String why) {
    return new BadItemException("truncated_image", why);
  }
}
