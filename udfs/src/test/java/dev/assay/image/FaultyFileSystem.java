package dev.assay.image;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;

/** The local file system under another scheme. The names of files say how they fail. */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static final String SCHEME = "faulty";

  static Configuration configuration() {
    Configuration hadoop = new Configuration(false);
    hadoop.set("fs." + SCHEME + ".impl", FaultyFileSystem.class.getName());
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
  public FileStatus getFileStatus(Path path) throws IOException {
    switch (path.getName()) {
      case "throttled.jpg" -> throw new IOException("503 Slow Down");
      case "timeout.jpg" -> throw new SocketTimeoutException("Read timed out");
      case "denied.jpg" -> throw new AccessControlException("403 Forbidden");
      case "remote.jpg" -> throw new RemoteException("java.io.IOException", "safe mode");
      case "gone.jpg" -> throw new RemoteException(FileNotFoundException.class.getName(), "gone");
      case "below-a-file.jpg" -> throw new ParentNotDirectoryException("not a directory");
      case "unknown-host.jpg" ->
          throw new IllegalArgumentException(new java.net.UnknownHostException("nn1"));
      default -> {
        return super.getFileStatus(path);
      }
    }
  }

  @Override
  public FSDataInputStream open(Path path, int bufferBytes) throws IOException {
    switch (path.getName()) {
      case "reset.jpg" -> throw new java.net.SocketException("Connection reset");
      case "unreadable.jpg" -> throw new FileNotFoundException("Permission denied");
      case "forbidden.jpg" -> throw new AccessDeniedException(path.toString());
      case "shrunk.jpg" -> {
        return new FSDataInputStream(new Empty());
      }
      default -> {
        return super.open(path, bufferBytes);
      }
    }
  }

  /** A file that has become shorter than its status said. */
  private static final class Empty extends FSInputStream {
    private final InputStream in = InputStream.nullInputStream();

    @Override
    public int read() throws IOException {
      return in.read();
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
  }
}
