package dev.assay.job.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.job.JobRunner;
import dev.assay.job.ingest.images.ImageHashes;
import dev.assay.job.ingest.pack.PackImages;
import dev.assay.job.workspace.Tables;
import dev.assay.pack.PackedImage;
import dev.assay.udf.rows.ItemReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images in packs: what lies in them, and what becomes of packs from one ingest to the next. */
class PackedImagesTest {
  /** Two packs of a few images each. */
  private static final PackImages SMALL = new PackImages(true, 3 * Inputs.PNG.length);

  @TempDir Path folder;
  private Inputs inputs;

  @BeforeEach
  void oneTextQuery() {
    inputs =
        new Inputs(folder)
            .file("queries.jsonl", "{\"query_id\": \"q\", \"text\": \"x\"}")
            .file("positives.jsonl", "{\"query_id\": \"q\", \"candidate_id\": \"c0\"}");
    inputs.packs = SMALL;
  }

  @Test
  void itemsReadFromPacksAreThoseOfTheFilesAndNeedTheFilesNoMore() throws IOException {
    String inline = "data:image/png;base64," + Base64.getEncoder().encodeToString(content("i"));
    images("a", "b", "c", "d");
    inputs.bytes("images/sub/again.png", content("a"));
    candidates("a.png", "b.png", "c.png", "d.png", "sub/again.png", inline);
    inputs.packs = PackImages.NO;
    ingest();
    List<Row> files = items();
    List<Item> read = read(files);

    Path draft = folder.resolve("workspace/packs/.0123.tar.draft");
    Path unknown = folder.resolve("workspace/packs/" + "0".repeat(32) + ".tar");
    Files.createDirectories(draft.getParent());
    Files.writeString(draft, "half");
    Files.writeString(unknown, "whole, but not remembered");
    inputs.packs = SMALL;
    ingest();
    Files.walk(folder.resolve("images")).filter(Files::isRegularFile).forEach(this::delete);
    List<Row> packed = items();
    List<Item> readFromPacks = read(packed);

    assertEquals(6, read.size());
    for (int i = 0; i < read.size(); i++) {
      assertEquals(read.get(i).text(), readFromPacks.get(i).text());
      assertArrayEquals(read.get(i).image().bytes(), readFromPacks.get(i).image().bytes());
      String named = files.get(i).getAs(Tables.IMAGE);
      String member = EncodedImage.of(content("i")).key() + ".png";
      assertEquals(named.equals(inline) ? member : named, place(packed.get(i)).name());
      assertEquals(
          files.get(i).<String>getAs(Tables.CONTENT_HASH),
          packed.get(i).getAs(Tables.CONTENT_HASH));
    }
    assertEquals(place(packed.get(0)).offset(), place(packed.get(4)).offset(), "one content");
    assertEquals(5, inputs.rows(Tables.PACKED_IMAGES).size());
    assertEquals(2, packs().size(), "what a killed run left is removed");
    assertNull(inputs.column(Tables.QUERIES, "q", Tables.IMAGE));
  }

  @Test
  void anIngestPacksWhatIsNewAndRemovesWhatNeitherTheTablesNorThoseBeforeThemName()
      throws IOException {
    images("a", "b");
    candidates("a.png");
    assertEquals(1, ingest());
    List<String> places = inputs.rows(Tables.PACKED_IMAGES);
    Set<String> first = packs();
    inputs.workspace.remove(Tables.QUERIES); // as if it had been killed before this table

    candidates("a.png", "b.png");
    assertEquals(1, ingest());
    assertTrue(inputs.rows(Tables.PACKED_IMAGES).containsAll(places), "nothing was moved");
    assertTrue(packs().containsAll(first));
    assertEquals(2, read(items()).size());

    candidates("b.png");
    assertEquals(0, ingest());
    assertTrue(packs().containsAll(first), "who reads the tables before still needs it");

    inputs.packs = PackImages.NO;
    assertEquals(-1, ingest());
    assertEquals(1, packs().size());
    assertTrue(packs().stream().noneMatch(first::contains));
    assertEquals(1, inputs.rows(Tables.PACKED_IMAGES).size());

    candidates("b.png", "b.png");
    ingest();
    assertEquals(Set.of(), packs());
  }

  @Test
  void aBrokenPackIsAnErrorAndItsImagesArePackedAgain() throws IOException {
    images("a", "b", "c", "d");
    candidates("a.png", "b.png", "c.png", "d.png");
    ingest();
    List<Path> packs = packs().stream().map(folder.resolve("workspace/packs")::resolve).toList();
    assertEquals(2, packs.size());
    Files.delete(packs.get(0));
    Files.write(packs.get(1), Arrays.copyOf(Files.readAllBytes(packs.get(1)), 700));
    List<Row> cut = items();
    assertThrows(UncheckedIOException.class, () -> read(cut), "not quarantined");
    candidates("a.png", "b.png");
    ingest();
    assertEquals(2, read(items()).size());

    for (String name : packs()) {
      Path pack = folder.resolve("workspace/packs").resolve(name);
      byte[] bytes = Files.readAllBytes(pack);
      bytes[520] ^= 1; // of the first image
      Files.write(pack, bytes);
    }
    List<Row> damaged = items();
    assertThrows(UncheckedIOException.class, () -> read(damaged));
    inputs.hashes = new ImageHashes(20_000, true);
    assertEquals(2, ingest());
    assertEquals(2, read(items()).size());
  }

  private void images(String... names) {
    for (String name : names) {
      inputs.bytes("images/" + name + ".png", content(name));
    }
  }

  /** Begins like an image; it is decoded only when a model needs it. */
  private static byte[] content(String end) {
    byte[] content = Arrays.copyOf(Inputs.PNG, Inputs.PNG.length + 1);
    content[Inputs.PNG.length] = (byte) end.charAt(0);
    return content;
  }

  private void candidates(String... images) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < images.length; i++) {
      lines.add(
          "{\"candidate_id\": \"c%d\", \"image\": \"%s\", \"text\": \"t\"}"
              .formatted(i, images[i]));
    }
    inputs.file("candidates.jsonl", lines.toArray(String[]::new));
  }

  /** Returns how many images were packed, or -1 if images were not to be packed. */
  private long ingest() {
    JobRunner.Outcome outcome =
        inputs.ingestFrom(InputFormat.JSONL, folder.toString(), "", 0, 16_384);
    return outcome.result().counts().getOrDefault("images_packed", -1L);
  }

  private List<Row> items() {
    return inputs.workspace.read(Tables.CANDIDATES).orderBy("candidate_id").collectAsList();
  }

  private List<Item> read(List<Row> items) {
    ItemReader reader = ItemReader.at(inputs.workspace.imageRoot(), new Configuration());
    return items.stream()
        .map(
            row ->
                reader.item(
                    row.getAs(Tables.TEXT),
                    row.getAs(Tables.IMAGE),
                    row.<String>getAs(Tables.CONTENT_HASH)))
        .toList();
  }

  private static PackedImage place(Row row) {
    return PackedImage.parse(row.getAs(Tables.IMAGE)).orElseThrow();
  }

  private Set<String> packs() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("workspace/packs"))) {
      return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  private void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
