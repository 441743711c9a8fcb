package dev.assay.job.ingest.input;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * The bytes of a stored file. A failure to read them is unchecked, so that it fails the task and
 * Spark runs it again. Every checked {@link IOException} of a reader on top, a decompressor or a
 * parser, then means that the file's content is broken.
 */
public final class StoredBytes extends FilterInputStream {
  private final Path path;

  private StoredBytes(Path path, InputStream in) {
    super(in);
    this.path = path;
  }

  /**
   * Opens a file.
   *
   * @param start the first byte to read
   * @throws UncheckedIOException if the storage fails
   */
  public static StoredBytes open(Path path, long start, Configuration hadoop) {
    try {
      FSDataInputStream in = path.getFileSystem(hadoop).open(path);
      try {
        if (start > 0) {
          in.seek(start);
        }
        return new StoredBytes(path, in);
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  @Override
  public int read() {
    try {
      return in.read();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  @Override
  public int read(byte[] bytes, int start, int length) {
    try {
      return in.read(bytes, start, length);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static UncheckedIOException failed(Path path, IOException e) {
    return new UncheckedIOException("Cannot read " + path + ": " + e.getMessage(), e);
  }
}
