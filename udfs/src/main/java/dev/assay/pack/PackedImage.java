package dev.assay.pack;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an image lies in a pack. An image column holds it as text: {@code
 * pack:FILE:OFFSET:LENGTH:NAME}. Text order is the order of the files and of the places in them.
 *
 * @param pack name of the tar file, in the folder of packs
 * @param offset of the image's first byte
 * @param length in bytes
 * @param name of the image before it was packed, for people
 */
public record PackedImage(String pack, long offset, int length, String name) {
  /** For {@link String#format} with the components of this record. */
  public static final String FORMAT = "pack:%s:%012d:%d:%s";

  /** What follows "pack:" in the name of a file that is a pack. */
  public static final String FILE = "[0-9a-f]{32}\\.tar";

  private static final Pattern FORM =
      Pattern.compile("pack:(" + FILE + "):(\\d{1,15}):(\\d{1,9}):(.*)", Pattern.DOTALL);

  /** Reads the text of an image column. Empty if it says something else. */
  public static Optional<PackedImage> parse(String image) {
    Matcher form = FORM.matcher(image);
    return form.matches()
        ? Optional.of(
            new PackedImage(
                form.group(1),
                Long.parseLong(form.group(2)),
                Integer.parseInt(form.group(3)),
                form.group(4)))
        : Optional.empty();
  }

  /** What an image column said before the image was packed; unchanged if it is not packed. */
  public static String nameOf(String image) {
    return parse(image).map(PackedImage::name).orElse(image);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, FORMAT, pack, offset, length, name);
  }
}
