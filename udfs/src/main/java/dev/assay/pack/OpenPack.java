package dev.assay.pack;

import static org.apache.hadoop.fs.Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY;
import static org.apache.hadoop.fs.Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_RANDOM;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pack that is opened when it is read and may be closed between reads. Thread-safe. */
final class OpenPack implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenPack.class);

  private final Path file;
  private final Configuration hadoop;

  /** Reads by position go side by side; opening and closing go alone. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private FSDataInputStream in;

  OpenPack(Path file, Configuration hadoop) {
    this.file = file;
    this.hadoop = hadoop;
  }

  /**
   * Fills an array with what stands at a position.
   *
   * @throws java.io.EOFException if the file ends before
   */
  void read(long position, byte[] bytes) throws IOException {
    lock.readLock().lock();
    while (in == null) { // another thread may close it before this one reads
      lock.readLock().unlock();
      open();
      lock.readLock().lock();
    }
    try {
      in.readFully(position, bytes);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void open() throws IOException {
    lock.writeLock().lock();
    try {
      if (in == null) {
        in =
            FutureIO.awaitFuture(
                fileSystem()
                    .openFile(file)
                    .opt(FS_OPTION_OPENFILE_READ_POLICY, FS_OPTION_OPENFILE_READ_POLICY_RANDOM)
                    .build());
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The local one without its checksum files: with them each read would open the file again. */
  private FileSystem fileSystem() throws IOException {
    FileSystem fileSystem = file.getFileSystem(hadoop);
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (in != null) {
        in.close();
      }
    } catch (IOException e) {
      LOG.debug("Cannot close {}", file, e); // nothing was written
    } finally {
      in = null;
      lock.writeLock().unlock();
    }
  }
}
