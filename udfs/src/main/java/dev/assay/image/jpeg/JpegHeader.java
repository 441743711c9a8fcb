package dev.assay.image.jpeg;

import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.Orientation;
import dev.assay.item.BadItemException;
import java.util.Arrays;

/**
 * The header of a JPEG: everything before its first scan.
 *
 * @param width in pixels, before any turning
 * @param height likewise
 * @param colors what the components mean
 * @param orientation of the EXIF segment, 1 if there is none
 */
record JpegHeader(int width, int height, JpegColors colors, int orientation) {
  private static final int SCAN = 0xda;
  private static final int END = 0xd9;

  /**
   * Walks the marker segments.
   *
   * @throws BadItemException {@code truncated_image} or {@code unreadable_image}
   */
  static JpegHeader of(byte[] bytes) {
    int[] frame = null; // width, height, then one component id each
    boolean jfif = false;
    int adobe = -1; // the transform of an Adobe segment
    byte[] exif = null;
    int at = 2;
    while (true) {
      while (at < bytes.length && (bytes[at] & 0xff) != 0xff) {
        at++; // libjpeg skips bytes between segments too
      }
      while (at < bytes.length && (bytes[at] & 0xff) == 0xff) {
        at++;
      }
      if (at >= bytes.length) {
        throw BadImage.truncated("JPEG ends inside its header");
      }
      int marker = bytes[at++] & 0xff;
      if (marker == SCAN) {
        break;
      }
      if (marker == END) {
        throw BadImage.unreadable("JPEG without image data");
      }
      if (marker == 0x00 || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        continue; // these have no length
      }
      if (at + 2 > bytes.length) {
        throw BadImage.truncated("JPEG ends inside its header");
      }
      int length = word(bytes, at);
      int start = at + 2;
      int end = at + length;
      if (length < 2) {
        throw BadImage.unreadable("JPEG segment of length " + length);
      }
      if (end > bytes.length) {
        throw BadImage.truncated("JPEG ends inside its header");
      }
      if (isFrame(marker) && end - start >= 6) {
        frame = frame(bytes, start, end);
      } else if (marker == 0xe0 && hasText(bytes, start, end, "JFIF\0")) {
        jfif = true;
      } else if (marker == 0xee && hasText(bytes, start, end, "Adobe") && end - start >= 12) {
        adobe = bytes[start + 11] & 0xff;
      } else if (marker == 0xe1 && exif == null && hasText(bytes, start, end, "Exif\0")) {
        exif = Arrays.copyOfRange(bytes, start, end);
      }
      at = end;
    }
    if (frame == null) {
      throw BadImage.unreadable("JPEG without a frame header");
    }
    int[] ids = Arrays.copyOfRange(frame, 2, frame.length);
    return new JpegHeader(
        frame[0], frame[1], JpegColors.of(ids, jfif, adobe), Orientation.of(exif));
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static int[] frame(byte[] bytes, int start, int end) {
    int components = bytes[start + 5] & 0xff;
    int[] frame = new int[2 + components];
    frame[0] = word(bytes, start + 3);
    frame[1] = word(bytes, start + 1);
    if (bytes[start] != 8 || start + 6 + 3 * components > end) {
      throw BadImage.unreadable("JPEG frame of " + bytes[start] + " bits");
    }
    for (int i = 0; i < components; i++) {
      frame[2 + i] = bytes[start + 6 + 3 * i] & 0xff;
    }
    return frame;
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private static boolean hasText(byte[] bytes, int start, int end, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (start + i >= end || bytes[start + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
