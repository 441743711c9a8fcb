package dev.assay.job.ingest.jsonl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.ingest.FailingFileSystem;
import dev.assay.job.ingest.input.JsonRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineReaderTest {
  private final Configuration hadoop = new Configuration();
  @TempDir Path folder;

  @Test
  void readsEachLineOnceWithItsNumberHoweverTheFileIsCut() throws IOException {
    Random random = new Random(7);
    for (int trial = 0; trial < 300; trial++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append("é".repeat(random.nextInt(9))).append('\n');
      }
      text.append("x".repeat(random.nextInt(3)));
      Path file = Files.writeString(folder.resolve("lines"), text);
      long bytes = 1 + random.nextInt(20);

      List<String> read = new ArrayList<>();
      for (LineSplit split :
          LineFile.cut(
              file.toString(),
              Files.size(file),
              bytes,
              (start, end) -> LineFile.countBefore(file.toString(), start, end, hadoop))) {
        read.addAll(read(split));
      }

      assertEquals(oracle(text.toString()), read, () -> "cut every " + bytes + " of " + text);
    }
  }

  @Test
  void skipsALineThatIsTooLong() throws IOException {
    byte[] content = new byte[JsonRow.MAX_LINE_BYTES + 10];
    Arrays.fill(content, (byte) 'a');
    content[content.length - 2] = '\n';
    Path file = Files.write(folder.resolve("long"), content);

    LineSplit all = new LineSplit(file.toString(), 0, content.length, 1);
    try (LineReader reader = new LineReader(all, hadoop)) {
      assertNull(reader.next().bytes());
      LineReader.Line second = reader.next();
      assertEquals(2, second.number());
      assertEquals("a", new String(second.bytes(), StandardCharsets.UTF_8));
      assertFalse(reader.hasNext());
    }
  }

  @Test
  void aStorageErrorIsNotABrokenLine() throws IOException {
    Path file = Files.writeString(folder.resolve("unavailable"), "a\n");
    FailingFileSystem.register(hadoop);
    String failing = FailingFileSystem.SCHEME + "://" + file;

    UncheckedIOException e =
        assertThrows(
            UncheckedIOException.class, () -> read(new LineSplit(failing, 0, Files.size(file), 1)));

    assertTrue(e.getMessage().startsWith("Cannot read failing:/"), e.getMessage());
    assertTrue(e.getMessage().endsWith("/unavailable: 503 Slow Down"), e.getMessage());
  }

  @Test
  void readsNothingFromAnEmptyFile() throws IOException {
    Path file = Files.writeString(folder.resolve("empty"), "");

    assertTrue(LineFile.cut(file.toString(), 0, 10, (start, end) -> 0).isEmpty());
  }

  private List<String> read(LineSplit split) throws IOException {
    List<String> lines = new ArrayList<>();
    try (LineReader reader = new LineReader(split, hadoop)) {
      while (reader.hasNext()) {
        LineReader.Line line = reader.next();
        lines.add(line.number() + " " + new String(line.bytes(), StandardCharsets.UTF_8));
      }
    }
    return lines;
  }

  private static List<String> oracle(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      lines.add(lines.size() + 1 + " " + line);
    }
    return lines;
  }
}
