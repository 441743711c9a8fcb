package dev.assay.pack;

import dev.assay.image.ImageDecoder;
import dev.assay.item.EncodedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes a pack: a plain tar file (POSIX ustar) that {@code tar} and the data loaders of the field
 * read. A member is named after its content: the SHA-256 of the image, and the format's extension.
 * The same images in the same order make the same bytes.
 */
public final class PackStream {
  static final int HEADER_BYTES = 512;
  static final int HASH_CHARACTERS = 64;

  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;

  private final OutputStream out;
  private long position;

  /**
   * @param out is written to from its current position, and stays open
   */
  public PackStream(OutputStream out) {
    this.out = out;
  }

  /**
   * Adds an image.
   *
   * @return the offset of its first byte
   */
  public long add(EncodedImage image) throws IOException {
    int length = image.bytes().length;
    write(header(image.key() + "." + ImageDecoder.extension(image.bytes()), length));
    long offset = position;
    write(image.bytes());
    write(new byte[Math.floorMod(-length, HEADER_BYTES)]);
    return offset;
  }

  /** Writes the archive's end. */
  public void finish() throws IOException {
    write(new byte[2 * HEADER_BYTES]);
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    position += bytes.length;
  }

  private static byte[] header(String name, int length) {
    byte[] header = new byte[HEADER_BYTES];
    put(header, 0, name);
    put(header, 100, "0000644\0"); // mode
    put(header, 108, "0000000\0"); // user
    put(header, 116, "0000000\0"); // group
    put(header, 124, String.format(Locale.ROOT, "%011o\0", length));
    put(header, 136, "00000000000\0"); // time
    put(header, CHECKSUM_AT, " ".repeat(CHECKSUM_BYTES)); // counts as spaces in its own sum
    put(header, 156, "0"); // a regular file
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte one : header) {
      sum += one; // all are ASCII
    }
    put(header, CHECKSUM_AT, String.format(Locale.ROOT, "%06o\0 ", sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
