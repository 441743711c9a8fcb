package dev.assay.job.workspace;

import dev.assay.job.failure.SettingsException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a workspace for one writer, by the file {@code _writer.json} in it, from {@link #acquire}
 * until it is closed or the process ends. A process that was killed leaves the file behind; the
 * next writer takes it over, on the same machine at once, elsewhere when it was not touched for
 * {@link Writer#SILENCE}. Readers take no lock.
 */
public final class WriterLock implements AutoCloseable {
  static final String FILE = "_writer.json";

  private static final Logger LOG = LoggerFactory.getLogger(WriterLock.class);
  private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(10);

  /** After Spark has stopped (50, 40), before the file systems close (10). */
  private static final int SHUTDOWN_PRIORITY = 20;

  private final FileSystem fileSystem;
  private final Path file;
  private final Configuration hadoop;
  private final Writer writer;
  private final Runnable atShutdown = this::release;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "assay-writer");
            thread.setDaemon(true);
            return thread;
          });

  private WriterLock(FileSystem fileSystem, Path file, Configuration hadoop, Writer writer) {
    this.fileSystem = fileSystem;
    this.file = file;
    this.hadoop = hadoop;
    this.writer = writer;
  }

  /**
   * Becomes the workspace's writer.
   *
   * @param workspace a folder that is there
   * @param job what is going to write, for those who come second
   * @throws SettingsException if somebody else is, naming who
   */
  public static WriterLock acquire(String workspace, String job, Configuration hadoop) {
    Path file = new Path(workspace, FILE);
    try {
      FileSystem fileSystem = file.getFileSystem(hadoop);
      if (fileSystem instanceof LocalFileSystem local) {
        fileSystem = local.getRaw();
      }
      WriterLock lock = new WriterLock(fileSystem, file, hadoop, Writer.here(job));
      if (!lock.take(file)) {
        throw lock.refusal(workspace);
      }
      lock.hold();
      return lock;
    } catch (IOException e) {
      throw new SettingsException(
          "Cannot write to the workspace " + workspace + ": " + e.getMessage(), e);
    }
  }

  /** Writes this writer's name where nobody's is, or only a dead writer's. */
  private boolean take(Path lock) throws IOException {
    return create(lock) || (removeDead(lock) && create(lock));
  }

  private boolean create(Path lock) throws IOException {
    return AtomicFile.create(lock, writer.toJson(), hadoop);
  }

  private void hold() {
    long pause = BETWEEN_SIGNS.toMillis();
    clock.scheduleAtFixedRate(this::giveSign, pause, pause, TimeUnit.MILLISECONDS);
    ShutdownHookManager.get().addShutdownHook(atShutdown, SHUTDOWN_PRIORITY);
  }

  /**
   * Whether the way is free: the lock is gone, or was that of a dead writer.
   *
   * <p>Of two who find the same writer dead, the slower must not remove the lock that is the
   * faster's by then. So one removes a dead writer's lock only while it holds another, named after
   * the dead writer, and looks again once it does. It may die of that too: what it leaves behind is
   * taken in the same way.
   */
  private boolean removeDead(Path lock) throws IOException {
    Writer other = holder(lock);
    if (other == null) {
      return true;
    }
    if (isAlive(other, lock)) {
      return false;
    }
    String named = "." + FILE + "." + UUID.nameUUIDFromBytes(other.toJson());
    Path removal = new Path(lock.getParent(), named);
    if (!take(removal)) {
      return false;
    }
    try {
      if (other.equals(holder(lock))) {
        fileSystem.delete(lock, false);
        LOG.debug("Took {} over from {}", lock, other);
      }
      return true;
    } finally {
      fileSystem.delete(removal, false);
    }
  }

  private boolean isAlive(Writer other, Path lock) throws IOException {
    try {
      long touched = fileSystem.getFileStatus(lock).getModificationTime();
      return other.isAlive(Duration.between(Instant.ofEpochMilli(touched), Instant.now()));
    } catch (FileNotFoundException e) {
      return false; // gone since we looked
    }
  }

  private SettingsException refusal(String workspace) throws IOException {
    Writer other = holder(file);
    String who =
        other == null
            ? "another process has just begun to"
            : "`assay %s` has been since %s (process %d on %s)"
                .formatted(other.job(), other.since(), other.pid(), other.host());
    return new SettingsException(
        "Cannot write to the workspace "
            + workspace
            + ": "
            + who
            + "; wait until it has ended, or stop it");
  }

  /** Who holds a lock, or null where there is none. */
  private Writer holder(Path lock) throws IOException {
    try (InputStream in = fileSystem.open(lock)) {
      return Writer.parse(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  private void giveSign() {
    try {
      AtomicFile.touch(file, writer.toJson(), hadoop);
    } catch (IOException | RuntimeException e) {
      LOG.debug("Cannot touch {}", file, e); // the next time, perhaps
    }
  }

  @Override
  public void close() {
    ShutdownHookManager shutdown = ShutdownHookManager.get();
    if (!shutdown.isShutdownInProgress()) {
      shutdown.removeShutdownHook(atShutdown);
    }
    release();
  }

  private synchronized void release() {
    clock.shutdownNow();
    try {
      Writer holder = holder(file);
      if (holder != null && holder.id().equals(writer.id())) {
        fileSystem.delete(file, false);
      }
    } catch (IOException e) {
      LOG.debug("Cannot remove {}", file, e); // the next writer sees that nobody is there
    }
  }
}
