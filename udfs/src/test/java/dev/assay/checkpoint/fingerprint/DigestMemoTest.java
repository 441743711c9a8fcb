package dev.assay.checkpoint.fingerprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests are remembered for one version of a file, and never in the way of the work. */
class DigestMemoTest {
  private static final String FILE = "file:/models/a/model.safetensors";

  @TempDir Path temp;

  @Test
  void findsWhatWasStoredForThisVersionAlone() {
    DigestMemo memo = new DigestMemo(temp.resolve("cache/assay"));
    assertEquals(Optional.empty(), memo.find(FILE, "1"));

    memo.store(FILE, "1", Map.of("model.norm.weight", "ab"));

    assertEquals(Optional.of(Map.of("model.norm.weight", "ab")), memo.find(FILE, "1"));
    assertEquals(Optional.empty(), memo.find(FILE, "2"));
    assertEquals(Optional.empty(), memo.find(FILE + "x", "1"));
    memo.store(FILE, "2", Map.of("model.norm.weight", "cd"));
    assertEquals(Optional.empty(), memo.find(FILE, "1"));
  }

  @Test
  void aBrokenEntryIsIgnoredAndReplaced() throws IOException {
    DigestMemo memo = new DigestMemo(temp);
    memo.store(FILE, "1", Map.of("a", "b"));
    for (String broken : new String[] {"", "{", "[]", "{\"tensors\": 3}"}) {
      for (Path entry : entries()) {
        Files.writeString(entry, broken);
      }
      assertEquals(Optional.empty(), memo.find(FILE, "1"));
    }
    memo.store(FILE, "1", Map.of("a", "b"));
    assertTrue(memo.find(FILE, "1").isPresent());
  }

  @Test
  void nothingFailsWhereTheFolderCannotBeWritten() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "not a folder");
    DigestMemo memo = new DigestMemo(file.resolve("below"));

    memo.store(FILE, "1", Map.of("a", "b"));

    assertEquals(Optional.empty(), memo.find(FILE, "1"));
  }

  @Test
  void whoeverReadsWhileOthersWriteSeesAWholeEntry() throws IOException {
    DigestMemo memo = new DigestMemo(temp);
    Map<String, String> digests = Map.of("a", "b".repeat(10_000));
    memo.store(FILE, "1", digests);

    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i -> {
              memo.store(FILE, "1", digests);
              assertEquals(Optional.of(digests), memo.find(FILE, "1"));
            });

    assertEquals(1, entries().size());
  }

  private java.util.List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      return files.toList();
    }
  }
}
