package dev.assay.job.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.item.ContentHash;
import dev.assay.job.TestSpark;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.workspace.Tables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonlIngestTest {
  @TempDir Path folder;
  private Inputs inputs;

  @BeforeEach
  void threeGoodFiles() {
    inputs =
        new Inputs(folder)
            .file(
                "queries.jsonl",
                "{\"query_id\": \"q1\", \"dataset\": \"d\", \"text\": \"a red dot\", \"image\":"
                    + " null}",
                "{\"query_id\": 2, \"text\": \"größer\", \"extra\": [1]}")
            .file(
                "candidates.jsonl",
                "{\"candidate_id\": \"c1\", \"dataset\": \"d\", \"text\": null, \"image\":"
                    + " \"dot.png\"}",
                "",
                "{\"candidate_id\": \"c2\", \"text\": \"<|image_1|>\\nx\", \"image\": \"dot.png\"}",
                "{\"candidate_id\": \"c3\", \"text\": \"x\", \"image\": \"copy.png\"}")
            .file(
                "positives.jsonl",
                "{\"query_id\": \"q1\", \"candidate_id\": \"c1\"}",
                "{\"query_id\": \"2\", \"candidate_id\": \"c1\"}")
            .bytes("images/dot.png", Inputs.PNG)
            .bytes("images/copy.png", Inputs.PNG);
  }

  @Test
  void makesTheThreeTables() {
    assertEquals(
        "2 queries, 3 candidates, 2 positives; 0 quarantined", ingest(0).result().summary());

    assertEquals(List.of("[2,c1]", "[q1,c1]"), inputs.rows(Tables.POSITIVES));
    assertEquals("größer", inputs.column(Tables.QUERIES, "2", Tables.TEXT));
    assertEquals("default", inputs.column(Tables.QUERIES, "2", Tables.DATASET));
    assertEquals("dot.png", inputs.column(Tables.CANDIDATES, "c1", Tables.IMAGE));
    assertFalse(inputs.workspace.has(Tables.QUARANTINE));
    assertTrue(inputs.workspace.imageRoot().endsWith("/images"), inputs.workspace.imageRoot());
  }

  @Test
  void identifiesItemsByContent() {
    ingest(0);

    String marked = inputs.column(Tables.CANDIDATES, "c2", Tables.CONTENT_HASH);
    assertEquals(marked, inputs.column(Tables.CANDIDATES, "c3", Tables.CONTENT_HASH));
    assertNotEquals(marked, inputs.column(Tables.CANDIDATES, "c1", Tables.CONTENT_HASH));
  }

  @Test
  void setsUnusableRowsAsideWithReasonAndPlace() {
    inputs
        .file(
            "candidates.jsonl",
            "{\"candidate_id\": \"c1\", \"image\": \"dot.png\"}",
            "{\"candidate_id\": \"c2\", \"image\"",
            "{\"candidate_id\": \"c3\", \"image\": \"none.png\"}",
            "{\"candidate_id\": \"c4\", \"image\": \"../queries.jsonl\"}",
            "{\"candidate_id\": \"c5\", \"image\": \"text.png\"}",
            "{\"candidate_id\": \"c6\", \"image\": \"empty.png\"}",
            "{\"candidate_id\": \"c7\", \"text\": \" <|image_1|>\\n\", \"image\": \"\"}",
            "{\"text\": \"no id\"}",
            "{\"candidate_id\": \" \", \"text\": \"blank id\"}",
            "{\"candidate_id\": \"c1\", \"text\": \"second c1\"}",
            "{\"candidate_id\": \"c8\", \"text\": 5}",
            "[1]")
        .file(
            "positives.jsonl",
            "{\"query_id\": \"q1\", \"candidate_id\": \"c1\"}",
            "{\"query_id\": \"q1\", \"candidate_id\": \"c1\"}",
            "{\"query_id\": \"q9\", \"candidate_id\": \"c1\"}",
            "{\"query_id\": \"2\", \"candidate_id\": \"c3\"}",
            "{\"query_id\": \"2\"}")
        .bytes("images/text.png", "not an image".getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .bytes("images/empty.png", new byte[0]);

    String summary = ingest(1).result().summary();

    assertEquals(
        List.of(
            "broken_json null candidates.jsonl:12",
            "broken_json null candidates.jsonl:2",
            "duplicate_id c1 candidates.jsonl:10",
            "duplicate_pair q1 -> c1 positives.jsonl:2",
            "empty_image c6 candidates.jsonl:6",
            "empty_item c7 candidates.jsonl:7",
            "missing_id 2 positives.jsonl:5",
            "missing_id null candidates.jsonl:8",
            "missing_id null candidates.jsonl:9",
            "missing_image c3 candidates.jsonl:3",
            "outside_image_root c4 candidates.jsonl:4",
            "unknown_candidate 2 -> c3 positives.jsonl:4",
            "unknown_query q9 -> c1 positives.jsonl:3",
            "unreadable_image c5 candidates.jsonl:5",
            "wrong_type c8 candidates.jsonl:11"),
        inputs.quarantined());
    assertEquals(List.of("[q1,c1]"), inputs.rows(Tables.POSITIVES));
    assertEquals("dot.png", inputs.column(Tables.CANDIDATES, "c1", Tables.IMAGE));
    assertTrue(summary.contains("1 queries have no positive"), summary);
    assertTrue(summary.contains("; 15 quarantined (missing_id 3, broken_json 2, "), summary);
  }

  @Test
  void cutsATextThatIsTooLongAndSaysSo() {
    String longest = "é".repeat(50_000);
    inputs.file(
        "candidates.jsonl",
        "{\"candidate_id\": \"c1\", \"text\": \"%s\", \"image\": \"dot.png\"}".formatted(longest),
        "{\"candidate_id\": \"c2\", \"text\": \"%s!\"}".formatted(longest),
        "{\"candidate_id\": \"c3\", \"text\": \"%s\"}".formatted(longest),
        "{\"candidate_id\": \"c4\", \"text\": \"%s\"}".formatted("é".repeat(500)));

    dev.assay.job.JobRunner.Outcome done = inputs.ingest(InputFormat.JSONL, ".", 0, 1001);

    for (String id : List.of("c1", "c2", "c3", "c4")) {
      assertEquals("é".repeat(500), inputs.column(Tables.CANDIDATES, id, Tables.TEXT));
    }
    assertNotEquals(
        inputs.column(Tables.CANDIDATES, "c2", Tables.CONTENT_HASH),
        inputs.column(Tables.CANDIDATES, "c3", Tables.CONTENT_HASH));
    assertEquals(3, done.result().counts().get("texts_cut"));
    assertEquals(
        "2 queries, 4 candidates, 2 positives; 3 texts cut to 1,001 bytes, such as"
            + " candidates.jsonl:1; 0 quarantined",
        done.result().summary());
    assertFalse(inputs.ingest(InputFormat.JSONL, ".", 0, 2000).skipped());
  }

  @Test
  void stopsWhereTooManyRowsAreUnusableAndWritesNothing() {
    inputs.file("queries.jsonl", "{\"query_id\": \"q1\", \"text\": \"a\"}", "{", "{");

    JobFailedException e = assertThrows(JobFailedException.class, () -> ingest(0.3));

    // Two broken queries, and the positive that refers to one of them.
    assertTrue(e.getMessage().startsWith("Cannot ingest: 3 of 8 rows (37.5%)"), e.getMessage());
    assertTrue(
        e.getMessage().contains(": broken_json 2, unknown_query 1; such as queries.jsonl:2: "),
        e.getMessage());
    assertTrue(e.getMessage().contains("assay.ingest.max-quarantined = 0.3"), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    for (String table : Tables.names()) {
      assertFalse(inputs.workspace.has(table), table);
    }
  }

  @Test
  void givesTheSameTablesForTheSameRowsInAnyPartitioning() {
    // Long enough for several splits: the duplicates of one id fall into different ones.
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      int id = i % 2900;
      lines.add("{\"candidate_id\": \"c%d\", \"text\": \"text %d\"}".formatted(id, i));
    }
    Collections.shuffle(lines, new Random(1));
    inputs.file("candidates.jsonl", lines.toArray(String[]::new));
    ingest(1);
    List<String> expected = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (String line : lines) {
      String id = line.substring(line.indexOf(":") + 3, line.indexOf("\","));
      String text = line.substring(line.lastIndexOf(": \"") + 3, line.length() - 2);
      if (!seen.contains(id)) {
        seen.add(id);
        expected.add(id + " " + text);
      }
    }

    List<String> kept =
        inputs.workspace.read(Tables.CANDIDATES).collectAsList().stream()
            .map(row -> row.getAs("candidate_id") + " " + row.getAs("text"))
            .sorted()
            .toList();

    assertEquals(expected.stream().sorted().toList(), kept);
    assertEquals(100, inputs.quarantined().stream().filter(q -> q.startsWith("dup")).count());
  }

  @Test
  void isUpToDateUntilAFileChanges() {
    assertFalse(ingest(0).skipped());
    assertTrue(ingest(0).skipped());

    inputs.file("queries.jsonl", "{\"query_id\": \"q1\", \"text\": \"another\"}");

    assertFalse(ingest(0.5).skipped());
  }

  @Test
  void anImageThatIsReplacedIsIngestedAgain() {
    inputs.bytes("images/dot.png", Inputs.PNG);
    ingest(0);
    String before = inputs.column(Tables.CANDIDATES, "c1", Tables.CONTENT_HASH);
    byte[] other = Arrays.copyOf(Inputs.PNG, Inputs.PNG.length + 1);
    inputs.bytes("images/dot.png", other).bytes("images/not named.png", other);

    assertFalse(ingest(0).skipped());

    String after = inputs.column(Tables.CANDIDATES, "c1", Tables.CONTENT_HASH);
    assertEquals(ContentHash.of(null, other), after);
    assertNotEquals(before, after);
    inputs.bytes("images/not named.png", Inputs.PNG);
    assertTrue(ingest(0).skipped(), "no item names that file");
  }

  @Test
  void readsCompressedFilesIdsAsFloatsAndImagesInTheText() throws IOException {
    inputs
        .bytes("queries.jsonl.gz", gzip("\ufeff{\"query_id\": 8, \"text\": \"größer\"}\r\n"))
        .bytes("positives.jsonl", gzip("{\"query_id\": 8.0, \"candidate_id\": \"c1\"}\n"))
        .file(
            "candidates.jsonl",
            "{\"candidate_id\": \"c1\", \"image\": \"data:image/png;base64,%s\"}"
                .formatted(Base64.getEncoder().encodeToString(Inputs.PNG)),
            "{\"candidate_id\": 8.5, \"text\": \"x\"}",
            "{\"candidate_id\": 1, \"candidate_id\": 2, \"text\": \"x\"}");
    Files.delete(folder.resolve("queries.jsonl"));

    ingest(1);

    assertEquals(List.of("[8,c1]"), inputs.rows(Tables.POSITIVES));
    assertEquals(
        ContentHash.of(null, Inputs.PNG),
        inputs.column(Tables.CANDIDATES, "c1", Tables.CONTENT_HASH));
    assertEquals(
        List.of("broken_json null candidates.jsonl:3", "wrong_type null candidates.jsonl:2"),
        inputs.quarantined());
    inputs.file("queries.jsonl", "{}");
    SettingsException e = assertThrows(SettingsException.class, () -> ingest(1));
    assertTrue(
        e.getMessage().endsWith("queries.jsonl and queries.jsonl.gz exist; remove one"),
        e.getMessage());
  }

  @Test
  void stopsAtCompressedDataThatEndsTooEarly() throws IOException {
    byte[] whole = gzip("{\"query_id\": 8, \"text\": \"größer\"}\n");
    inputs.bytes("queries.jsonl", Arrays.copyOf(whole, whole.length - 9));

    JobFailedException e = assertThrows(JobFailedException.class, () -> ingest(1));

    assertTrue(
        e.getMessage()
            .startsWith("Cannot ingest queries.jsonl:2: the compressed data ends too early"),
        e.getMessage());
    assertFalse(inputs.workspace.has(Tables.QUERIES));
  }

  @Test
  void aStorageErrorFailsTheJobAndPutsNothingIntoQuarantine() {
    FailingFileSystem.register(TestSpark.session().sparkContext().hadoopConfiguration());
    inputs
        .bytes("images/unavailable.png", Inputs.PNG)
        .file("candidates.jsonl", "{\"candidate_id\": \"c1\", \"image\": \"unavailable.png\"}");
    String input = FailingFileSystem.SCHEME + "://" + folder;

    Exception e =
        assertThrows(
            Exception.class, () -> inputs.ingestFrom(InputFormat.JSONL, input, "", 1, 1000));

    assertTrue(e.getMessage().contains("503 Slow Down"), e.getMessage());
    assertFalse(inputs.workspace.has(Tables.QUARANTINE));
    assertFalse(inputs.workspace.has(Tables.QUERIES));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void refusesAMissingFileInOneLine() {
    SettingsException e =
        assertThrows(SettingsException.class, () -> inputs.ingest(InputFormat.JSONL, "nowhere", 0));

    assertTrue(e.getMessage().startsWith("Cannot ingest: no file "), e.getMessage());
    assertTrue(e.getMessage().endsWith("nowhere/queries.jsonl"), e.getMessage());
  }

  @Test
  void refusesInputWithoutQueries() {
    inputs.file("queries.jsonl", "").file("positives.jsonl", "");

    assertThrows(SettingsException.class, () -> ingest(0));
    assertFalse(inputs.workspace.has(Tables.CANDIDATES));
  }

  private dev.assay.job.JobRunner.Outcome ingest(double maxQuarantined) {
    return inputs.ingest(InputFormat.JSONL, ".", maxQuarantined);
  }
}
