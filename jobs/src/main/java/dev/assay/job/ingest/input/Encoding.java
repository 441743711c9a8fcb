package dev.assay.job.ingest.input;

import dev.assay.job.failure.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds text in an encoding other than UTF-8 by its first bytes. */
public final class Encoding {
  private static final int FIRST_BYTES = 4;

  private Encoding() {}

  /**
   * Refuses JSON lines in UTF-16 or UTF-32.
   *
   * @throws SettingsException naming the encoding
   */
  public static void requireUtf8(Path path, Configuration hadoop) {
    try (InputStream in = Compression.text(path, hadoop)) {
      Optional<String> other = other(in.readNBytes(FIRST_BYTES));
      if (other.isPresent()) {
        throw new SettingsException(
            "Cannot ingest %s: it is %s, not UTF-8; convert it: iconv -f %s -t UTF-8"
                .formatted(path, other.get(), other.get()));
      }
    } catch (IOException e) {
      throw new SettingsException("Cannot ingest " + path + ": " + e.getMessage(), e);
    }
  }

  /** The encoding that a byte order mark or the place of zero bytes shows, if not UTF-8's. */
  static Optional<String> other(byte[] first) {
    int[] b = new int[FIRST_BYTES];
    for (int i = 0; i < FIRST_BYTES; i++) {
      b[i] = i < first.length ? first[i] & 0xff : 0x100; // no byte
    }
    if (b[0] == 0 && b[1] == 0 && (b[2] == 0 || b[2] == 0xfe)) {
      return Optional.of("UTF-32BE");
    }
    if (b[2] == 0 && b[3] == 0 && (b[1] == 0 || (b[0] == 0xff && b[1] == 0xfe))) {
      return Optional.of("UTF-32LE");
    }
    // The first two characters of JSON text are ASCII.
    if ((b[0] == 0xfe && b[1] == 0xff) || (b[0] == 0 && isAscii(b[1]) && b[2] == 0)) {
      return Optional.of("UTF-16BE");
    }
    if ((b[0] == 0xff && b[1] == 0xfe) || (isAscii(b[0]) && b[1] == 0 && b[3] == 0)) {
      return Optional.of("UTF-16LE");
    }
    return Optional.empty();
  }

  private static boolean isAscii(int character) {
    return character > 0 && character < 0x80;
  }
}
