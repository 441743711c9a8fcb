package dev.assay.image.pixels;

/**
 * A decoded image: upright, opaque, 8 bits a channel, in the RGB space of its file (colour profiles
 * are ignored, as in PIL).
 *
 * @param rgb {@code [height, width, 3]}, row major; treat as immutable
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RgbImage(int width, int height, byte[] rgb) {
  public RgbImage {
    if (width <= 0 || height <= 0 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "Cannot make an image of " + width + "x" + height + " from " + rgb.length + " bytes");
    }
  }
}
