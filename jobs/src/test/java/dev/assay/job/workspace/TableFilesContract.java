package dev.assay.job.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.files.AtomicFile;
import dev.assay.job.lock.Hold;
import dev.assay.job.lock.TestLocks;
import dev.assay.job.lock.WriterLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a writer that lost the workspace must not do, on every file system. Each is a subclass. */
abstract class TableFilesContract {
  private static final Clock NOW = Clock.systemUTC();
  private static final Clock LATER = Clock.offset(NOW, Duration.ofMinutes(3));
  private static final String TABLE = Tables.POSITIVES;
  private static final String MODEL = Tables.EMBEDDER_MODEL;

  private FileSystem fileSystem;
  private Path workspace;

  abstract Configuration hadoop();

  /** A folder that is this test's own, and need not be there. */
  abstract Path folder();

  /** Whether a rename is one step. */
  boolean renames() {
    return true;
  }

  /** Whether a file that changed meanwhile is not replaced. */
  boolean noticesChanges() {
    return false;
  }

  @BeforeEach
  void open() throws IOException {
    workspace = new Path(folder().toString());
    fileSystem = workspace.getFileSystem(hadoop());
    workspace = fileSystem.makeQualified(workspace);
    fileSystem.mkdirs(workspace);
  }

  @Test
  void commitsAndRemovesATable() throws IOException {
    TableFiles files = files(acquire("first", NOW));
    write(TABLE + "/old/part", "");
    commit(files, TABLE, "new");

    assertEquals(List.of("new"), manifest(TABLE).orElseThrow().commits());
    assertEquals(List.of("_manifest.json", "new"), names(TABLE));
    files.remove(TABLE);
    assertTrue(manifest(TABLE).isEmpty());
    assertTrue(names(TABLE).isEmpty(), () -> "" + names(TABLE));
  }

  @Test
  void commitsFilesInPlaceOfAllOthers() throws IOException {
    TableFiles files = files(acquire("first", NOW));
    commitModel(files, "first");
    write(MODEL + "/left/over", "");
    commitModel(files, "second");

    assertEquals(List.of("_manifest.json", "weights"), names(MODEL));
    assertEquals("second", content(MODEL + "/weights"));
    assertTrue(manifest(MODEL).isPresent());
  }

  @Test
  void aWriterThatSleptCommitsNothing() throws IOException {
    TableFiles sleeper = files(acquire("first", NOW));
    TableFiles successor = files(acquire("second", LATER));
    commit(successor, TABLE, "theirs");
    write(TABLE + "/theirs-in-work/part", "");
    String id = manifest(TABLE).orElseThrow().id();

    JobFailedException e =
        assertThrows(JobFailedException.class, () -> commit(sleeper, TABLE, "mine"));
    assertTrue(e.getMessage().contains("`assay second` (process 7 on far-away) took over"));
    assertThrows(JobFailedException.class, () -> sleeper.remove(TABLE));

    assertEquals(id, manifest(TABLE).orElseThrow().id());
    assertTrue(names(TABLE).containsAll(List.of("theirs", "theirs-in-work")));
  }

  @Test
  void aWriterThatSleptCommitsNoModel() throws IOException {
    TableFiles sleeper = files(acquire("first", NOW));
    TableFiles successor = files(acquire("second", LATER));
    commitModel(successor, "theirs");

    assertThrows(JobFailedException.class, () -> commitModel(sleeper, "mine"));

    assertEquals("theirs", content(MODEL + "/weights"));
    assertTrue(manifest(MODEL).isPresent());
  }

  @Test
  void aWriterThatSleptBetweenCheckAndCommitCommitsNothing() throws IOException {
    assumeTrue(
        renames() || noticesChanges(), "without renames and conditions it cannot be shut out");
    WriterLock first = acquire("first", NOW);
    TableFiles sleeper =
        files(
            after(
                first,
                () -> {
                  commit(files(acquire("second", LATER)), TABLE, "theirs");
                }));

    assertThrows(JobFailedException.class, () -> commit(sleeper, TABLE, "mine"));

    assertEquals(List.of("theirs"), manifest(TABLE).orElseThrow().commits());
    assertTrue(names(TABLE).contains("theirs"));
  }

  @Test
  void aWriterThatSleptBetweenCheckAndChangeRemovesNothing() throws IOException {
    assumeTrue(renames(), "on object stores that moment cannot be shut out");
    commit(files(acquire("zeroth", NOW)), TABLE, "old");
    WriterLock first = TestLocks.acquire(workspace, "first", hadoop(), LATER);
    Clock muchLater = Clock.offset(LATER, Duration.ofMinutes(3));
    TableFiles sleeper =
        files(
            after(
                first,
                () -> {
                  TableFiles files = files(acquire("second", muchLater));
                  commit(files, TABLE, "theirs");
                  commitModel(files, "theirs");
                }));

    assertThrows(JobFailedException.class, () -> sleeper.remove(TABLE));
    assertThrows(JobFailedException.class, () -> commitModel(sleeper, "mine"));

    assertEquals(List.of("theirs"), manifest(TABLE).orElseThrow().commits());
    assertEquals("theirs", content(MODEL + "/weights"));
  }

  /** Something that may fail as files do. */
  private interface Action {
    void run() throws IOException;
  }

  /** A hold that is verified with success, and lost at that very moment. */
  private static Hold after(WriterLock lock, Action takeover) {
    return new Hold() {
      private boolean taken;

      @Override
      public Path drafts() {
        return lock.drafts();
      }

      @Override
      public void verify() {
        lock.verify();
        if (!taken) {
          taken = true;
          try {
            takeover.run();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    };
  }

  private WriterLock acquire(String job, Clock clock) {
    return TestLocks.acquire(workspace, job, hadoop(), clock);
  }

  private TableFiles files(Hold hold) throws IOException {
    return new TableFiles(workspace, hadoop(), hold);
  }

  private void commit(TableFiles files, String table, String folder) throws IOException {
    write(table + "/" + folder + "/part", "");
    files.commit(table, manifestOf(List.of(folder)), Set.of(folder));
  }

  private void commitModel(TableFiles files, String weights) throws IOException {
    Path staged = files.stage(MODEL);
    AtomicFile.replace(
        new Path(staged, "weights"),
        hadoop(),
        out -> out.write(weights.getBytes(StandardCharsets.UTF_8)));
    files.commitFiles(MODEL, staged, manifestOf(List.of()));
  }

  private static Manifest manifestOf(List<String> commits) {
    return Manifest.now(
        commits,
        "",
        new Manifest.Draft("test", 1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>()));
  }

  private Optional<Manifest> manifest(String table) {
    return Manifests.in(workspace.toString(), hadoop()).find(table);
  }

  private void write(String file, String content) throws IOException {
    AtomicFile.replace(
        new Path(workspace, file),
        hadoop(),
        out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
  }

  private String content(String file) throws IOException {
    try (var in = fileSystem.open(new Path(workspace, file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<String> names(String folder) {
    try {
      Path path = new Path(workspace, folder);
      return fileSystem.exists(path)
          ? Arrays.stream(fileSystem.listStatus(path))
              .map(status -> status.getPath().getName())
              .sorted()
              .toList()
          : List.of();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
