package dev.assay.image;

import dev.assay.image.pixels.BadImage;
import dev.assay.item.BadItemException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An image that the image column holds itself: a {@code data:} URI in base64, or base64 alone.
 *
 * <p>Base64 alone is recognised only if it cannot be meant as a path: at least 64 characters, all
 * of them from base64's alphabet (which has no dot), and the first bytes are those of an image
 * file. BMP's two letters are too few for that; a BMP image needs a {@code data:} URI.
 */
final class InlineImage {
  private static final int SHORTEST = 64;
  private static final int SHOWN_CHARACTERS = 200;
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+={0,2}");

  private InlineImage() {}

  /** Whether this is an image and not the path of one. */
  static boolean is(String image) {
    return image != null && (isDataUri(image) || isBase64(image));
  }

  private static boolean isDataUri(String image) {
    return image.regionMatches(true, 0, "data:", 0, 5);
  }

  private static boolean isBase64(String image) {
    if (image.length() < SHORTEST) {
      return false;
    }
    String start = image.substring(0, SHORTEST - 4);
    if (!BASE64.matcher(start).matches() || start.endsWith("=")) {
      return false;
    }
    ImageFormat format = ImageFormat.of(Base64.getDecoder().decode(start)).orElse(ImageFormat.BMP);
    return format != ImageFormat.BMP && BASE64.matcher(image).matches();
  }

  /**
   * The image file's bytes.
   *
   * @param maxBytes checked before anything is decoded
   * @throws BadItemException {@code unreadable_image}, {@code oversized_file}, {@code empty_image}
   */
  static byte[] bytes(String image, long maxBytes) {
    String base64 = isDataUri(image) ? payload(image) : image;
    if (base64.length() / 4 * 3L > maxBytes) {
      throw new BadItemException(
          "oversized_file", shown(image) + " has over " + maxBytes + " bytes");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw BadImage.unreadable(shown(image) + " is not base64: " + e.getMessage());
    }
    if (bytes.length == 0) {
      throw new BadItemException("empty_image", shown(image) + " has no bytes");
    }
    return bytes;
  }

  /** The base64 of a data URI, in the standard alphabet and without white space. */
  private static String payload(String uri) {
    int comma = uri.indexOf(',');
    String head = comma < 0 ? "" : uri.substring(0, comma).toLowerCase(Locale.ROOT);
    if (!head.endsWith(";base64")) {
      throw BadImage.unreadable(
          shown(uri) + " is not of the form data:image/TYPE;base64,CHARACTERS");
    }
    StringBuilder base64 = new StringBuilder(uri.length() - comma);
    for (int i = comma + 1; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c == '%' && i + 2 < uri.length()) {
        c = encoded(uri.substring(i + 1, i + 3));
        i += 2;
      }
      if (c == '-' || c == '_') {
        base64.append(c == '-' ? '+' : '/'); // the alphabet for URLs
      } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        base64.append(c);
      }
    }
    return base64.toString();
  }

  /** What a percent sign and two digits encode, among the signs that base64 uses. */
  private static char encoded(String digits) {
    return switch (digits.toUpperCase(Locale.ROOT)) {
      case "2B" -> '+';
      case "2F" -> '/';
      case "3D" -> '=';
      case "0A", "0D", "20" -> ' ';
      default -> '%';
    };
  }

  /** The text as far as a message should show it. */
  static String shown(String image) {
    return image == null || image.length() <= SHOWN_CHARACTERS
        ? image
        : image.substring(0, SHOWN_CHARACTERS) + "…";
  }
}
