package dev.assay.job.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every file system must do. Each is a subclass. */
abstract class StorageContract {
  private Path root;
  private Path drafts;
  private Path file;
  private FileSystem fileSystem;
  private Storage storage;

  abstract Configuration hadoop();

  /** A folder that is this test's own, and need not be there. */
  abstract Path folder();

  /** Whether of many who create a file at once exactly one succeeds. */
  boolean isExclusive() {
    return true;
  }

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
    root = folder();
    fileSystem = root.getFileSystem(hadoop());
    drafts = new Path(root, ".drafts");
    file = new Path(root, "file");
    fileSystem.mkdirs(root);
    fileSystem.mkdirs(drafts);
    storage = Storages.of(root, hadoop());
  }

  @Test
  void createsAFileOnce() throws IOException {
    assertTrue(storage.create(file, bytes("first")));
    assertFalse(storage.create(file, bytes("second")));

    assertEquals("first", content(file));
    assertEquals(List.of("file"), visible());
  }

  @Test
  void ofManyWhoCreateAFileAtOnceOneSucceeds() throws Exception {
    assumeTrue(isExclusive(), "looking and writing are two steps here");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> tries =
          IntStream.range(0, 8)
              .<Callable<Boolean>>mapToObj(i -> () -> storage.create(file, bytes("by " + i)))
              .toList();
      int created = 0;
      for (Future<Boolean> each : threads.invokeAll(tries)) {
        created += each.get() ? 1 : 0;
      }
      assertEquals(1, created);
    } finally {
      threads.shutdown();
    }
    assertEquals(List.of("file"), visible());
  }

  @Test
  void showsADraftOnlyWhenItIsPublished() throws IOException {
    storage.create(file, bytes("old"));
    try (Draft draft = storage.draft(file, drafts, out -> out.write(bytes("new")))) {
      assertEquals("old", content(file));
      draft.publish();
      assertEquals("new", content(file));
    }
    assertEquals(0, children(drafts).size());
    assertEquals(List.of("file"), visible());
  }

  @Test
  void writesAFileThatIsNotThereYet() throws IOException {
    AtomicFile.replace(new Path(root, "a/b/file"), hadoop(), out -> out.write(bytes("new")));

    assertEquals("new", content(new Path(root, "a/b/file")));
  }

  @Test
  void keepsTheOldContentWhereWritingBreaksOff() throws IOException {
    storage.create(file, bytes("old"));

    assertThrows(
        IOException.class,
        () ->
            AtomicFile.replace(
                file,
                hadoop(),
                out -> {
                  out.write(bytes("a half"));
                  throw new IOException("broken off");
                }));

    assertEquals("old", content(file));
    assertEquals(List.of("file"), visible());
  }

  @Test
  void publishesNothingOnceItsFolderOfDraftsIsRevoked() throws IOException {
    assumeTrue(renames(), "object stores do not rename");
    storage.create(file, bytes("old"));
    try (Draft draft = storage.draft(file, drafts, out -> out.write(bytes("new")))) {
      storage.revoke(drafts);
      assertThrows(IOException.class, draft::publish);
    }
    assertThrows(
        IOException.class, () -> storage.draft(file, drafts, out -> out.write(bytes("new"))));

    assertEquals("old", content(file));
    assertEquals(List.of("file"), visible());
  }

  @Test
  void movesAndRemovesNothingOnceItsFolderOfDraftsIsRevoked() throws IOException {
    assumeTrue(renames(), "object stores do not rename");
    storage.create(file, bytes("old"));
    Path staged = new Path(drafts, "staged");
    storage.create(staged, bytes("new"));
    storage.revoke(drafts);

    assertThrows(IOException.class, () -> storage.move(staged, new Path(root, "other")));
    assertThrows(IOException.class, () -> storage.discard(file, drafts));

    assertEquals("old", content(file));
    assertEquals(List.of("file"), visible());
  }

  @Test
  void replacesNoFileThatChangedSinceTheDraftWasBegun() throws IOException {
    assumeTrue(noticesChanges(), "replaces without a condition");
    try (Draft first = storage.draft(file, drafts, out -> out.write(bytes("sleeper")))) {
      AtomicFile.replace(file, hadoop(), out -> out.write(bytes("successor")));
      assertThrows(IOException.class, first::publish);
    }
    try (Draft second = storage.draft(file, drafts, out -> out.write(bytes("sleeper")))) {
      AtomicFile.replace(file, hadoop(), out -> out.write(bytes("successor again")));
      assertThrows(IOException.class, second::publish);
    }
    assertEquals("successor again", content(file));
  }

  @Test
  void movesFilesAndFolders() throws IOException {
    storage.create(file, bytes("content"));
    storage.move(file, new Path(root, "moved"));
    assertEquals("content", content(new Path(root, "moved")));
    assertFalse(fileSystem.exists(file));

    fileSystem.mkdirs(new Path(drafts, "folder"));
    storage.create(new Path(drafts, "folder/child"), bytes("child"));
    storage.move(new Path(drafts, "folder"), new Path(root, "folder"));
    assertEquals("child", content(new Path(root, "folder/child")));
    assertThrows(IOException.class, () -> storage.move(new Path(root, "gone"), file));
  }

  @Test
  void removesFilesAndFolders() throws IOException {
    storage.create(file, bytes("content"));
    fileSystem.mkdirs(new Path(root, "folder"));
    storage.create(new Path(root, "folder/child"), bytes("child"));

    storage.discard(file, drafts);
    storage.discard(new Path(root, "folder"), drafts);

    assertEquals(List.of(), visible());
    assertEquals(0, children(drafts).size());
    storage.revoke(drafts);
    assertFalse(fileSystem.exists(drafts));
  }

  @Test
  void touchingAFileMakesItNewAndKeepsItsContent() throws IOException {
    storage.create(file, bytes("content"));
    fileSystem.setTimes(file, 1_000_000, -1);

    storage.touch(file, bytes("content"));

    assertTrue(fileSystem.getFileStatus(file).getModificationTime() > 1_000_000);
    assertEquals("content", content(file));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String content(Path path) throws IOException {
    try (InputStream in = fileSystem.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<String> children(Path folder) throws IOException {
    return fileSystem.exists(folder)
        ? Arrays.stream(fileSystem.listStatus(folder)).map(s -> s.getPath().getName()).toList()
        : List.of();
  }

  /** What lies in the folder, hidden files too, but for the folder of drafts. */
  private List<String> visible() throws IOException {
    return children(root).stream().filter(name -> !name.equals(".drafts")).sorted().toList();
  }
}
