package dev.assay.job.lock;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.files.Draft;
import dev.assay.job.files.Storage;
import dev.assay.job.files.Storages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the lock must do on every file system. Each is a subclass. Writers are of another machine,
 * so that only their signs of life count; the one that takes over has a clock that is three minutes
 * ahead.
 */
abstract class WriterLockContract {
  private static final Clock NOW = Clock.systemUTC();
  private static final Clock LATER = Clock.offset(NOW, Duration.ofMinutes(3));

  private FileSystem fileSystem;
  private Path workspace;

  abstract Configuration hadoop();

  /** A folder that is this test's own, and need not be there. */
  abstract Path folder();

  /** Whether a rename is one step. */
  boolean renames() {
    return true;
  }

  @BeforeEach
  void open() throws IOException {
    workspace = folder();
    fileSystem = workspace.getFileSystem(hadoop());
    fileSystem.mkdirs(workspace);
  }

  @Test
  void refusesASecondWriterWhileTheFirstGivesSigns() throws IOException {
    WriterLock first = acquire("first", NOW);

    SettingsException e = assertThrows(SettingsException.class, () -> acquire("second", NOW));

    assertTrue(
        e.getMessage().contains("`assay first` (process 7 on far-away) has been writing to it"),
        e.getMessage());
    assertDoesNotThrow(first::verify);
    first.close();
    acquire("second", NOW).close();
    assertEquals(List.of(), names());
  }

  @Test
  void aSignOfLifeKeepsOthersOut() throws IOException {
    WriterLock first = acquire("first", NOW);
    fileSystem.setTimes(new Path(workspace, LockFile.NAME), 1_000_000, -1);
    Path sign = new Path(first.drafts(), "alive");
    fileSystem.setTimes(sign, 1_000_000, -1);
    beat(first);

    assertThrows(SettingsException.class, () -> acquire("second", NOW));

    assertDoesNotThrow(first::verify);
    first.close();
  }

  @Test
  void aWriterThatSleptLosesAndChangesNothingOfItsSuccessors() throws IOException {
    WriterLock sleeper = acquire("first", NOW);
    WriterLock successor = acquire("second", LATER);
    List<String> before = names();

    JobFailedException e = assertThrows(JobFailedException.class, sleeper::verify);
    assertEquals(
        "Cannot go on writing to the workspace "
            + fileSystem.makeQualified(new Path(workspace.toString()))
            + ": this run gave no sign of life for 120 seconds, and `assay second` (process 7 on"
            + " far-away) took over; nothing of this run becomes visible any more; run it"
            + " again when no other is running",
        e.getMessage());
    AtomicInteger told = new AtomicInteger();
    sleeper.onLoss(told::incrementAndGet);
    beat(sleeper);
    assertEquals(1, told.get());
    sleeper.close();

    assertDoesNotThrow(successor::verify);
    assertEquals(before, names());
    successor.close();
    assertEquals(List.of(), names());
  }

  @Test
  void aWriterThatSleptBetweenCheckAndCommitCommitsNothing() throws IOException {
    assumeTrue(renames(), "on object stores that moment cannot be shut out");
    Path table = new Path(workspace, "table");
    Storage storage = Storages.of(fileSystem.makeQualified(workspace), hadoop());
    WriterLock sleeper = acquire("first", NOW);
    byte[] content = "sleeper".getBytes(StandardCharsets.UTF_8);
    try (Draft draft =
        storage.draft(
            fileSystem.makeQualified(table), sleeper.drafts(), out -> out.write(content))) {
      sleeper.verify();
      acquire("second", LATER);

      assertThrows(IOException.class, draft::publish);
    }
    assertThrows(
        IOException.class,
        () ->
            storage.draft(
                fileSystem.makeQualified(table), sleeper.drafts(), out -> out.write(content)));
    assertTrue(!fileSystem.exists(table));
  }

  @Test
  void aLateSignDoesNotMakeARemovedFolderOfDraftsAnew() throws IOException {
    assumeTrue(renames(), "object stores have no folders");
    WriterLock sleeper = acquire("first", NOW);
    WriterLock successor = acquire("second", LATER);

    assertThrows(IOException.class, () -> file(sleeper, "first").giveSign());

    assertTrue(!fileSystem.exists(sleeper.drafts()));
    successor.close();
  }

  @Test
  void removesWhatKilledWritersLeft() throws IOException {
    WriterLock killed = acquire("first", NOW);
    fileSystem.mkdirs(new Path(killed.drafts(), "models"));

    acquire("second", LATER).close();

    assertEquals(List.of(), names());
  }

  @Test
  void losesWhereItsLockWasRemoved() throws IOException {
    WriterLock lock = acquire("first", NOW);
    fileSystem.delete(new Path(workspace, LockFile.NAME), false);

    JobFailedException e = assertThrows(JobFailedException.class, lock::verify);

    assertTrue(e.getMessage().contains("its lock _writer.json is gone"), e.getMessage());
    lock.close();
    assertEquals(List.of(), names());
  }

  @Test
  void reportsTheLostWorkspaceAndNotItsConsequence() throws IOException {
    WriterLock sleeper = acquire("first", NOW);
    IllegalStateException failure = new IllegalStateException("file not found");
    assertDoesNotThrow(() -> sleeper.verifyAfter(failure));
    acquire("second", LATER);

    JobFailedException e =
        assertThrows(JobFailedException.class, () -> sleeper.verifyAfter(failure));

    assertEquals(List.of(failure), List.of(e.getSuppressed()));
  }

  private void beat(WriterLock lock) throws IOException {
    lock.heartbeat().beat();
  }

  private LockFile file(WriterLock lock, String job) throws IOException {
    Path qualified = fileSystem.makeQualified(workspace);
    return new LockFile(
        qualified, Storages.of(qualified, hadoop()), hadoop(), TestLocks.writer(job), NOW);
  }

  private WriterLock acquire(String job, Clock clock) {
    return TestLocks.acquire(workspace, job, hadoop(), clock);
  }

  /** What lies in the workspace, hidden files too. */
  private List<String> names() throws IOException {
    return fileSystem.exists(workspace)
        ? Arrays.stream(fileSystem.listStatus(workspace))
            .map(status -> status.getPath().getName())
            .sorted()
            .toList()
        : List.of();
  }
}
