package dev.assay.job.ingest.input;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.assay.job.failure.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.GzipCodec;

/** How a text file is compressed. Its first bytes tell, whatever its name says. */
public enum Compression {
  NONE,
  GZIP,
  ZSTD;

  /** What cannot be read, so that it is refused by its name and not line by line. */
  private record Other(String name, String firstBytes) {}

  private static final List<Other> OTHERS =
      List.of(
          new Other("bzip2", "425a68"),
          new Other("xz", "fd377a58"),
          new Other("LZ4", "04224d18"),
          new Other("Snappy", "ff060000"),
          new Other("ZIP", "504b0304"),
          new Other("Parquet", "50415231"));

  private static final int FIRST_BYTES = 4;

  /**
   * Looks at a file's first bytes.
   *
   * @throws SettingsException if it is compressed in a way that cannot be read here
   */
  public static Compression of(Path path, Configuration hadoop) throws IOException {
    byte[] first;
    try (InputStream in = StoredBytes.open(path, 0, hadoop)) {
      first = in.readNBytes(FIRST_BYTES);
    }
    String hex = HexFormat.of().formatHex(first);
    for (Other other : OTHERS) {
      if (hex.startsWith(other.firstBytes())) {
        throw new SettingsException(
            "Cannot ingest %s: it is a %s file; give plain text, or text compressed with gzip or zstd"
                .formatted(path, other.name()));
      }
    }
    return hex.startsWith("1f8b") ? GZIP : hex.startsWith("28b52ffd") ? ZSTD : NONE;
  }

  /**
   * A file's text from its beginning.
   *
   * @throws IOException if the compressed content is broken, here or while reading
   */
  public static InputStream text(Path path, Configuration hadoop) throws IOException {
    Compression compression = of(path, hadoop);
    InputStream stored = StoredBytes.open(path, 0, hadoop);
    try {
      return compression.decompress(stored, hadoop);
    } catch (IOException | RuntimeException e) {
      stored.close();
      throw e;
    }
  }

  /** The text in compressed bytes. What is cut off at the end is an {@link IOException}. */
  public InputStream decompress(InputStream stored, Configuration hadoop) throws IOException {
    return switch (this) {
      case NONE -> stored;
      case GZIP -> {
        // Unlike java.util.zip's, it reads on where one member ends and another begins, even if
        // the storage has no bytes at hand at that moment.
        GzipCodec codec = new GzipCodec();
        codec.setConf(hadoop);
        yield codec.createInputStream(stored);
      }
      // The window of a frame is at most 128 MiB: the library refuses a larger one.
      case ZSTD -> new ZstdInputStreamNoFinalizer(stored);
    };
  }
}
