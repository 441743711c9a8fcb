package dev.assay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranges of files, on a local disk and elsewhere. */
class FileRangeTest {
  /** The local files under a class of its own, which is read as any other file system. */
  private static final class Elsewhere extends RawLocalFileSystem {}

  @TempDir Path temp;
  private final byte[] content = new byte[100_003];
  private Path file;

  @BeforeEach
  void write() throws IOException {
    new Random(3).nextBytes(content);
    file = Files.write(temp.resolve("file"), content);
  }

  static Stream<RawLocalFileSystem> fileSystems() throws IOException {
    RawLocalFileSystem local = new RawLocalFileSystem();
    RawLocalFileSystem elsewhere = new Elsewhere();
    local.initialize(URI.create("file:///"), new Configuration(false));
    elsewhere.initialize(URI.create("file:///"), new Configuration(false));
    return Stream.of(local, elsewhere);
  }

  @ParameterizedTest
  @MethodSource("fileSystems")
  void piecesMakeTheRange(RawLocalFileSystem from) throws IOException {
    for (int piece : new int[] {1000, 7, 99_000, 1 << 20}) {
      ByteBuffer into = ByteBuffer.allocateDirect(80_000).position(5).limit(70_000);

      FileRange.read(from, path(), 30_001, into, piece);

      byte[] read = new byte[70_000 - 5];
      into.flip().position(5).get(read);
      assertArrayEquals(Arrays.copyOfRange(content, 30_001, 30_001 + read.length), read);
    }
  }

  @ParameterizedTest
  @MethodSource("fileSystems")
  void aFileThatEndsBeforeTheRangeIsRefused(RawLocalFileSystem from) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(2000);
    EOFException found =
        assertThrows(EOFException.class, () -> FileRange.read(from, path(), 99_000, into, 300));
    if (from.getClass() == RawLocalFileSystem.class) {
      assertEquals("it ends at byte 100003", found.getMessage());
    }
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path(file.toUri());
  }
}
