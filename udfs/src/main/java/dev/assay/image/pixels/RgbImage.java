package dev.assay.image.pixels;

/**
 * A decoded image: upright, opaque, 8 bits a channel, in whatever RGB space its file used (colour
 * profiles are ignored, as PIL ignores them).
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
