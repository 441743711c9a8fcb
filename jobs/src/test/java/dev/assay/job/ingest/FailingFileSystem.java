package dev.assay.job.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The local file system under the scheme {@code failing}. Files whose names begin with {@code
 * unavailable} can be listed, but to read them fails as it does on a busy object store.
 */
public final class FailingFileSystem extends RawLocalFileSystem {
  public static final String SCHEME = "failing";

  public static Configuration register(Configuration hadoop) {
    hadoop.set("fs." + SCHEME + ".impl", FailingFileSystem.class.getName());
    return hadoop;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public FSDataInputStream open(Path path, int bufferBytes) throws IOException {
    FSDataInputStream in = super.open(path, bufferBytes);
    return path.getName().startsWith("unavailable") ? new FSDataInputStream(new Failing(in)) : in;
  }

  /** Fails at the first byte. */
  private static final class Failing extends FSInputStream {
    private final InputStream in;

    Failing(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      throw new IOException("503 Slow Down");
    }

    @Override
    public void seek(long position) {}

    @Override
    public long getPos() {
      return 0;
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
