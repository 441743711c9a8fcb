package dev.assay.job.lock;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.files.Storage;
import dev.assay.job.files.Storages;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a workspace for one writer, by the file {@code _writer.json} in it, from {@link #acquire}
 * until it is closed or the process ends. A process that was killed leaves the file behind. The
 * next writer takes it over: on the same machine at once, elsewhere when the writer gave no sign of
 * life for {@link Writer#SILENCE}. Readers take no lock.
 *
 * <p>A writer that was only asleep may wake up after that. So the new writer removes the old one's
 * folder of {@link #drafts} before it begins, and everything that changes a table comes out of that
 * folder or goes into it ({@link Storage}).
 */
public final class WriterLock implements Hold, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriterLock.class);

  /** After Spark has stopped (50, 40), before the file systems close (10). */
  private static final int SHUTDOWN_PRIORITY = 20;

  private final Path workspace;
  private final LockFile file;
  private final Storage storage;
  private final Writer writer;
  private final Path drafts;
  private final Runnable atShutdown = this::release;
  private final Heartbeat heartbeat;
  private volatile Optional<String> loss = Optional.empty();

  private WriterLock(Path workspace, LockFile file, Storage storage, Writer writer) {
    this.workspace = workspace;
    this.file = file;
    this.storage = storage;
    this.writer = writer;
    this.drafts = LockFile.drafts(workspace, writer);
    this.heartbeat = new Heartbeat(this, file);
  }

  /**
   * Becomes the workspace's writer.
   *
   * @param workspace a folder that is there
   * @param job what is going to write, for those who come second
   * @throws SettingsException if somebody else is, naming who
   */
  public static WriterLock acquire(String workspace, String job, Configuration hadoop) {
    WriterLock lock = acquire(workspace, Writer.here(job), hadoop, Clock.systemUTC());
    lock.heartbeat.start();
    ShutdownHookManager.get().addShutdownHook(lock.atShutdown, SHUTDOWN_PRIORITY);
    return lock;
  }

  /** The same without a heartbeat. */
  static WriterLock acquire(String folder, Writer writer, Configuration hadoop, Clock clock) {
    try {
      Path given = new Path(folder);
      Path workspace = given.getFileSystem(hadoop).makeQualified(given);
      Storage storage = Storages.of(workspace, hadoop);
      LockFile file = new LockFile(workspace, storage, hadoop, writer, clock);
      if (!file.take()) {
        throw refusal(folder, file.holder());
      }
      WriterLock lock = new WriterLock(workspace, file, storage, writer);
      try {
        lock.begin();
        return lock;
      } catch (IOException | RuntimeException e) {
        lock.release();
        throw e;
      }
    } catch (IOException e) {
      throw new SettingsException(
          "Cannot write to the workspace " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Removes the folders of all other writers. They were listed while the workspace was this
   * writer's, so none of them can be a successor's.
   */
  private void begin() throws IOException {
    file.begin();
    for (FileStatus other : file.otherDrafts()) {
      verify();
      try {
        storage.revoke(other.getPath());
      } catch (FileNotFoundException e) {
        LOG.debug("{} is gone already", other.getPath());
      }
    }
    verify();
  }

  private static SettingsException refusal(String workspace, Optional<Writer> other) {
    String who =
        other
            .map(writer -> writer.inWords() + " has been writing to it since " + writer.since())
            .orElse("another process has just started to write to it");
    return new SettingsException(
        "Cannot write to the workspace "
            + workspace
            + ": "
            + who
            + "; wait until it has ended, or stop it");
  }

  Heartbeat heartbeat() {
    return heartbeat;
  }

  /** Runs an action, once, when the heartbeat finds that another writer took over. */
  public void onLoss(Runnable action) {
    heartbeat.onLoss(action);
  }

  @Override
  public Path drafts() {
    return drafts;
  }

  @Override
  public void verify() {
    try {
      if (loss.isEmpty() && !file.isHeld()) {
        loss = Optional.of(loss(file.holder()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the lock of the workspace " + workspace + ": " + e.getMessage(), e);
    }
    if (loss.isPresent()) {
      throw new JobFailedException(loss.get());
    }
  }

  private String loss(Optional<Writer> successor) {
    String why =
        successor
            .map(
                other ->
                    String.format(
                        Locale.ROOT,
                        "this run gave no sign of life for %d seconds, and %s took over",
                        Writer.SILENCE.toSeconds(),
                        other.inWords()))
            .orElse(
                "its lock "
                    + LockFile.NAME
                    + " is gone: another run took over and has ended, or the file was deleted");
    return "Cannot go on writing to the workspace "
        + workspace
        + ": "
        + why
        + "; nothing of this run becomes visible any more; run it again when no other is running";
  }

  /**
   * Reports the loss of the workspace in place of a failure that it may have caused.
   *
   * @throws JobFailedException if the workspace was lost
   */
  public void verifyAfter(Exception failure) {
    try {
      verify();
    } catch (JobFailedException lost) {
      if (lost != failure) {
        lost.addSuppressed(failure);
      }
      throw lost;
    } catch (UncheckedIOException e) {
      failure.addSuppressed(e); // whether it was lost cannot be known
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
    heartbeat.close();
    try {
      file.release();
    } catch (IOException e) {
      LOG.debug("Cannot remove {}", file, e); // the next writer sees that nobody is there
    }
  }
}
