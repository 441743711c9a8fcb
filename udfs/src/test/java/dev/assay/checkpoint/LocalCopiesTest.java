package dev.assay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.MD5MD5CRC32CastagnoliFileChecksum;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCopiesTest {
  /** Counts how often a file is opened. */
  private static final class Remote extends FilterFileSystem {
    private final AtomicInteger opened = new AtomicInteger();
    private FileChecksum checksum = new MD5MD5CRC32CastagnoliFileChecksum(512, 1, null);

    Remote() throws IOException {
      super(local());
    }

    @Override
    public URI getUri() {
      return URI.create("remote:///");
    }

    @Override
    public FileChecksum getFileChecksum(org.apache.hadoop.fs.Path file) {
      return checksum;
    }

    private static FileSystem local() throws IOException {
      RawLocalFileSystem local = new RawLocalFileSystem();
      local.initialize(URI.create("file:///"), new Configuration(false));
      return local;
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
      opened.incrementAndGet();
      return super.open(file, buffer);
    }
  }

  @TempDir Path temp;
  private final byte[] content = new byte[50_000];
  private Remote remote;
  private Path file;
  private LocalCopies copies;

  @BeforeEach
  void write() throws IOException {
    new Random(5).nextBytes(content);
    file = Files.write(temp.resolve("remote"), content);
    remote = new Remote();
    copies = new LocalCopies(temp.resolve("copies"), 120_000);
  }

  @Test
  void aFileIsReadOnceHoweverManyWantIt() {
    List<Path> found =
        IntStream.range(0, 8).parallel().mapToObj(i -> copy("v1").orElseThrow()).toList();

    found.forEach(copy -> assertArrayEquals(content, bytes(copy)));
    assertEquals(1, found.stream().distinct().count());
    assertEquals(1, remote.opened.get());
  }

  @Test
  void anotherVersionIsAnotherCopy() throws IOException {
    Path first = copy("v1").orElseThrow();
    content[7]++;
    Files.write(file, content);

    Path second = copy("v2").orElseThrow();

    assertFalse(first.equals(second));
    assertArrayEquals(content, bytes(second));
  }

  @Test
  void aDamagedCopyIsMadeAgain() throws IOException {
    Path copy = copy("v1").orElseThrow();
    byte[] damaged = content.clone();
    damaged[9]++;
    Files.write(copy, damaged);
    assertArrayEquals(content, bytes(copy("v1").orElseThrow()));

    Files.write(copy, new byte[10]);
    assertArrayEquals(content, bytes(copy("v1").orElseThrow()));
    assertEquals(3, remote.opened.get());
  }

  @Test
  void whatAKilledProcessLeftIsNoCopy() throws IOException {
    Path copy = copy("v1").orElseThrow();
    Files.move(copy, copy.resolveSibling(copy.getFileName() + ".draft"));

    assertArrayEquals(content, bytes(copy("v1").orElseThrow()));
  }

  @Test
  void theCopyThatWasNotUsedForLongestMakesRoom() throws IOException {
    Path old = copy("v1").orElseThrow();
    Path used = copy("v2").orElseThrow();
    Files.setLastModifiedTime(
        old.resolveSibling(old.getFileName() + ".note"), FileTime.fromMillis(1000));

    Path added = copy("v3").orElseThrow();

    assertFalse(Files.exists(old));
    assertTrue(Files.exists(used));
    assertTrue(Files.exists(added));
    try (Stream<Path> all = Files.list(temp.resolve("copies"))) {
      assertEquals(2, all.filter(path -> path.toString().endsWith(".copy")).count());
    }
  }

  @Test
  void aFileThatIsLargerThanTheBoundIsNotCopied() {
    LocalCopies small = new LocalCopies(temp.resolve("copies"), 40_000);
    assertEquals(Optional.empty(), copy(small, "v1"));
    assertEquals(0, remote.opened.get());
  }

  @Test
  void theSettingsSayWhereAndWhetherALargeRemoteFileIsCopied() throws IOException {
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(64 << 20);
    }
    assertEquals(Optional.empty(), find(remote, 0), "switched off");
    assertEquals(temp.resolve("here"), find(remote, 1).orElseThrow().getParent());
    assertEquals(Optional.empty(), find(Remote.local(), 1), "it is on a disk of this machine");
    remote.checksum = null;
    assertEquals(Optional.empty(), find(remote, 1), "a change would not show");
    Files.write(file, content);
    assertEquals(Optional.empty(), find(remote, 1), "it is small");
  }

  private Optional<Path> find(FileSystem from, int gigabytes) {
    Configuration hadoop = new Configuration(false);
    hadoop.setInt(CheckpointFolder.CACHE_GIGABYTES, gigabytes);
    hadoop.set(CheckpointFolder.CACHE_FOLDER, temp.resolve("here").toString());
    return LocalCopies.find(from, new org.apache.hadoop.fs.Path(file.toUri()), hadoop);
  }

  private Optional<Path> copy(String version) {
    return copy(copies, version);
  }

  private Optional<Path> copy(LocalCopies from, String version) {
    try {
      return from.of(
          remote, remote.getFileStatus(new org.apache.hadoop.fs.Path(file.toUri())), version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
