package dev.assay.job.ingest.jsonl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.ingest.input.FoundItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever was done to a line, it is a row or has a reason, and its neighbours are as they were.
 */
class DamagedLinesTest {
  private static final Set<String> REASONS =
      Set.of("broken_json", "missing_id", "wrong_type", "oversized_row");
  private static final int LINES = 40;

  @TempDir Path folder;

  @Test
  void everyLineIsARowOrHasAReasonExactlyOnce() throws IOException {
    Random random = new Random(3);
    for (int trial = 0; trial < 200; trial++) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      List<Integer> whole = new ArrayList<>();
      for (int i = 0; i < LINES; i++) {
        byte[] line = good(i);
        if (random.nextInt(3) == 0) {
          line = damaged(line, random);
        } else {
          whole.add(i);
        }
        file.write(line);
        file.write('\n');
      }

      List<FoundItem> rows = read(file.toByteArray(), 1 + random.nextInt(500));

      assertEquals(LINES, rows.size(), "trial " + trial);
      for (int i = 0; i < LINES; i++) {
        FoundItem row = rows.get(i);
        assertEquals("lines:" + (i + 1), row.source());
        if (row.usable()) {
          assertNotNull(row.id());
        } else {
          assertTrue(REASONS.contains(row.reason()), row::toString);
          assertEquals(1, row.detail().lines().count(), row::toString);
        }
        if (whole.contains(i)) {
          assertEquals("c" + i, row.id());
          assertEquals("größer \"" + i + "\"", row.text());
        }
      }
    }
  }

  private static byte[] good(int i) {
    return "{\"candidate_id\": \"c%d\", \"text\": \"größer \\\"%d\\\"\", \"image\": null}"
        .formatted(i, i)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** A line with bytes changed, lost or doubled; never a line end, and never blank. */
  private static byte[] damaged(byte[] line, Random random) {
    ByteArrayOutputStream damaged = new ByteArrayOutputStream();
    damaged.write('{');
    int end = random.nextInt(4) == 0 ? random.nextInt(line.length) : line.length;
    for (int i = 1; i < end; i++) {
      switch (random.nextInt(20)) {
        case 0 -> {}
        case 1 -> damaged.writeBytes(new byte[] {line[i], line[i]});
        case 2 -> damaged.write(11 + random.nextInt(245));
        default -> damaged.write(line[i]);
      }
    }
    return damaged.toByteArray();
  }

  private List<FoundItem> read(byte[] content, int splitBytes) throws IOException {
    Configuration hadoop = new Configuration();
    Path file = Files.write(folder.resolve("lines"), content);
    List<LineSplit> splits =
        LineFile.cut(
            file.toString(),
            content.length,
            splitBytes,
            (start, end) -> LineFile.countBefore(file.toString(), start, end, hadoop));
    List<FoundItem> rows = new ArrayList<>();
    new LinesToRows<>(splits.iterator(), JsonlInput::candidate, hadoop).forEachRemaining(rows::add);
    return rows;
  }
}
