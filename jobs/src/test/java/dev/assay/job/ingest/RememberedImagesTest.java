package dev.assay.job.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.item.ContentHash;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.ingest.images.ImageHashes;
import dev.assay.job.workspace.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which image files are read again. */
class RememberedImagesTest {
  private static final long LONG_AGO = 1_600_000_000_000L;

  @TempDir Path folder;
  private Inputs inputs;

  @BeforeEach
  void anInputOfMoreThanOneSlice() {
    inputs =
        new Inputs(folder)
            .file("queries.jsonl", "{\"query_id\": \"q\", \"text\": \"x\"}")
            .file("positives.jsonl", "{\"query_id\": \"q\", \"candidate_id\": \"c0\"}");
    inputs.hashes = new ImageHashes(2, false);
  }

  @Test
  void aKnownFileIsReadAgainOnlyIfItsLengthOrTimeHasChangedOrIfAskedTo() throws IOException {
    candidates("", "a.png", "a.png", "b.png", "c.png");
    write("a.png", "1", LONG_AGO);
    write("b.png", "1", LONG_AGO);
    write("c.png", "1", LONG_AGO);
    ingest(folder.toString());
    assertEquals(hash("", "1"), hash("c0"));
    assertEquals(3, inputs.rows(Tables.IMAGE_HASHES).size(), "equal items are remembered once");

    write("a.png", "2", LONG_AGO);
    write("b.png", "2", LONG_AGO + 7);
    write("c.png", "22", LONG_AGO);
    ingest(folder.toString());
    assertEquals(hash("", "1"), hash("c0"), "not read");
    assertEquals(hash("", "1"), hash("c1"), "not read");
    assertEquals(hash("", "2"), hash("c2"));
    assertEquals(hash("", "22"), hash("c3"));

    candidates("another text", "a.png");
    ingest(folder.toString());
    assertEquals(hash("another text", "2"), hash("c0"), "its hash with this text is not known");

    candidates("", "a.png", "b.png");
    inputs.hashes = new ImageHashes(2, true);
    ingest(folder.toString());
    assertEquals(hash("", "2"), hash("c0"));
    assertFalse(ingest(folder.toString()), "asked to read everything, it is never up to date");
    inputs.hashes = new ImageHashes(2, false);
    assertTrue(ingest(folder.toString()), "up to date");
  }

  @Test
  void aFileThatHasJustChangedIsNotTrusted() throws IOException {
    candidates("", "a.png", "b.png");
    long now = System.currentTimeMillis();
    write("a.png", "1", now);
    write("b.png", "1", LONG_AGO);
    ingest(folder.toString());

    write("a.png", "2", now);
    write("b.png", "2", LONG_AGO + 7);
    ingest(folder.toString());

    assertEquals(hash("", "2"), hash("c0"));
  }

  @Test
  void eachSliceIsCommittedAndKeptWhenTheJobFailsAfterwards() throws IOException {
    String[] good = IntStream.range(0, 12).mapToObj(i -> i + ".png").toArray(String[]::new);
    for (String name : good) {
      write(name, "1", LONG_AGO);
    }
    String[] images = Arrays.copyOf(good, 13);
    images[12] = "missing.png";
    candidates("", images);
    inputs.hashes = new ImageHashes(4, false);
    String from = folder.toString();
    assertThrows(JobFailedException.class, () -> ingest(from), "too many quarantined");
    assertTrue(inputs.workspace.manifest(Tables.IMAGE_HASHES).commits().size() > 1);

    for (String name : good) {
      write(name, "2", LONG_AGO);
    }
    candidates("", good);
    ingest(from);

    for (int i = 0; i < good.length; i++) {
      assertEquals(hash("", "1"), hash("c" + i), "not read again");
    }
  }

  @Test
  void nothingIsRememberedOfAnInputOfLessThanASlice() throws IOException {
    candidates("", "a.png");
    write("a.png", "1", LONG_AGO);
    inputs.hashes = new ImageHashes(3, false);

    ingest(folder.toString());

    assertFalse(inputs.workspace.has(Tables.IMAGE_HASHES));
  }

  @Test
  void aDryRunTellsWhichFilesWouldBeRead() throws IOException {
    candidates("", "a.png", "b.png", "c.png", "missing.png", "c.png");
    write("a.png", "1", LONG_AGO);
    write("b.png", "1", LONG_AGO);
    write("c.png", "1", LONG_AGO);
    long each = content("1").length;
    assertEquals(
        "3 files of %d bytes; 0 of 0 bytes are known and not read again".formatted(3 * each),
        inputs.estimate(InputFormat.JSONL, folder.toString()).get("images"));
    candidates("", "a.png", "b.png", "c.png");
    ingest(folder.toString());
    assertEquals(Map.of(), inputs.estimate(InputFormat.JSONL, folder.toString()), "up to date");

    write("b.png", "22", LONG_AGO);
    Map<String, String> told = inputs.estimate(InputFormat.JSONL, folder.toString());

    assertEquals(
        "3 files of %d bytes; 2 of %d bytes are known and not read again"
            .formatted(3 * each + 1, 2 * each),
        told.get("images"));
    assertEquals("4 queries and candidates", told.get("rows"));
    assertTrue(told.get("input").startsWith("3 files of "), told::toString);
  }

  private void candidates(String text, String... images) {
    inputs.file(
        "candidates.jsonl",
        IntStream.range(0, images.length)
            .mapToObj(
                i ->
                    "{\"candidate_id\": \"c%d\", \"image\": \"%s\", \"text\": \"%s\"}"
                        .formatted(i, images[i], text))
            .toArray(String[]::new));
  }

  private void write(String name, String end, long time) throws IOException {
    inputs.bytes("images/" + name, content(end));
    Files.setLastModifiedTime(folder.resolve("images").resolve(name), FileTime.fromMillis(time));
  }

  /** The beginning of an image; it is decoded only when a model needs it. */
  private static byte[] content(String end) {
    byte[] content = Arrays.copyOf(Inputs.PNG, Inputs.PNG.length + end.length());
    for (int i = 0; i < end.length(); i++) {
      content[Inputs.PNG.length + i] = (byte) end.charAt(i);
    }
    return content;
  }

  private static String hash(String text, String end) {
    return ContentHash.of(text, content(end));
  }

  private String hash(String candidate) {
    return inputs.column(Tables.CANDIDATES, candidate, Tables.CONTENT_HASH);
  }

  private boolean ingest(String from) {
    return inputs.ingestFrom(InputFormat.JSONL, from, "", 0, 16_384).skipped();
  }
}
