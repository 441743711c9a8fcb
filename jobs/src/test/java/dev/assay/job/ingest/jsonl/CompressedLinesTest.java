package dev.assay.job.ingest.jsonl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.input.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressedLinesTest {
  private static final String TEXT = lines(0, 2000);

  private final Configuration hadoop = new Configuration();
  @TempDir Path folder;

  @Test
  void readsTheLinesOfGzipAndZstd() throws IOException {
    assertEquals(TEXT, joined(read(gzip(TEXT))));
    assertEquals(TEXT, joined(read(zstd(TEXT))));
  }

  @Test
  void readsOnWhereOneMemberEndsAndTheNextBegins() throws IOException {
    assertEquals(TEXT, joined(read(both(gzip(lines(0, 700)), gzip(lines(700, 2000))))));
    assertEquals(TEXT, joined(read(both(zstd(lines(0, 700)), zstd(lines(700, 2000))))));
  }

  @Test
  void aFileThatEndsTooEarlyEndsInOneBrokenLine() throws IOException {
    for (byte[] whole : List.of(gzip(TEXT), zstd(TEXT))) {
      for (int cut : new int[] {10, whole.length / 2, whole.length - 1}) {
        List<LineReader.Line> lines = read(Arrays.copyOf(whole, cut));

        LineReader.Line last = lines.get(lines.size() - 1);
        assertNotNull(last.broken(), "cut to " + cut + " of " + whole.length);
        assertTrue(last.broken().startsWith("the compressed data ends too early"), last.broken());
        assertNull(last.bytes());
        assertEquals(lines.size(), last.number());
        assertTrue(lines.stream().limit(lines.size() - 1).allMatch(l -> l.broken() == null));
        assertTrue(TEXT.startsWith(joined(lines.subList(0, lines.size() - 1))));
      }
    }
  }

  @Test
  void damagedDataIsNeverTakenForLines() throws IOException {
    Random random = new Random(11);
    for (byte[] whole : List.of(gzip(TEXT), zstd(TEXT))) {
      for (int trial = 0; trial < 50; trial++) {
        byte[] damaged = whole.clone();
        damaged[20 + random.nextInt(whole.length - 40)] ^= (byte) (1 + random.nextInt(255));
        List<LineReader.Line> lines = read(damaged);
        // A checksum may find it only at the end; a byte that nothing depends on is no damage.
        boolean broken = lines.get(lines.size() - 1).broken() != null;
        assertTrue(broken || joined(lines).equals(TEXT), "trial " + trial);
      }
    }
  }

  @Test
  void otherCompressionsAreRefusedByName() throws IOException {
    assertTrue(refused("BZh91AY&SY").contains("it is a bzip2 file; give plain text"));
    assertTrue(refused("PK\u0003\u0004....").contains("it is a ZIP file"));
    assertTrue(refused("PAR1....").contains("it is a Parquet file"));
  }

  private String refused(String content) throws IOException {
    Path file = Files.write(folder.resolve("x"), content.getBytes(StandardCharsets.ISO_8859_1));
    return assertThrows(SettingsException.class, () -> compression(file)).getMessage();
  }

  private Compression compression(Path file) throws IOException {
    return Compression.of(new org.apache.hadoop.fs.Path(file.toUri()), hadoop);
  }

  private List<LineReader.Line> read(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("lines"), content); // the name does not matter
    List<LineReader.Line> lines = new ArrayList<>();
    try (LineReader reader =
        new LineReader(LineSplit.whole(file.toString(), compression(file)), hadoop)) {
      reader.forEachRemaining(lines::add);
    }
    return lines;
  }

  private static String joined(List<LineReader.Line> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(
        line -> text.append(new String(line.bytes(), StandardCharsets.UTF_8)).append('\n'));
    return text.toString();
  }

  private static String lines(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append("{\"query_id\": \"q").append(i).append("\", \"text\": \"größer\"}\n");
    }
    return text.toString();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] zstd(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var zstd =
        new com.github.luben.zstd.ZstdOutputStreamNoFinalizer(bytes).setChecksum(true)) {
      zstd.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] both(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
