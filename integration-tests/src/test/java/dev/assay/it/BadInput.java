package dev.assay.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The small dataset with odd images and a very long text, which are good, and where asked for with
 * one row of every bad kind.
 *
 * @param quarantine what must be set aside, as {@code stage reason id}, sorted
 */
record BadInput(SmallDataset dataset, List<String> quarantine) {
  /** Readable, but not each by everyone: CMYK, 16 bits, palette, animated, RGBA, rotated, WebP. */
  static final List<String> ODD =
      List.of(
          "jpeg-cmyk.jpg",
          "jpeg-ycck.jpg",
          "png-16-rgb.png",
          "png-palette-8bit.png",
          "gif-animated.gif",
          "webp-animated.webp",
          "png-16-alpha.png",
          "exif-6.jpg",
          "webp-lossy-60.webp");

  /** What lies outside the image root. */
  static final String SECRET = "nobody should read this";

  private static final String CANDIDATES = "candidates";
  private static final String QUERIES = "queries";
  private static final String POSITIVES = "positives";

  static BadInput good(Path folder) throws IOException {
    BadInput input = new BadInput(SmallDataset.write(folder), new ArrayList<>());
    for (String image : ODD) {
      input.fixture(image);
      input.candidate("odd " + image, "", image);
    }
    return input.candidate("long", "a very long caption ".repeat(5_000), "");
  }

  /** Adds the bad rows. */
  BadInput withBad() throws IOException {
    Files.createFile(images().resolve("zero.png"));
    Path outside = Files.writeString(dataset.folder().resolve("outside.png"), SECRET);
    Files.createSymbolicLink(images().resolve("link.png"), outside);
    for (String broken : List.of("png-rgb-cut-60.png", "jpeg-420-large-cut-60.jpg", "bomb.png")) {
      fixture(broken);
    }
    fixture("text.jpg");
    candidate("missing", "", "none.png").set("ingest missing_image missing");
    candidate("zero", "", "zero.png").set("ingest empty_image zero");
    candidate("renamed", "a text", "text.jpg").set("ingest unreadable_image renamed");
    candidate("above", "", "../../etc/passwd").set("ingest outside_image_root above");
    candidate("absolute", "", "/etc/passwd").set("ingest outside_image_root absolute");
    candidate("link", "", "link.png").set("ingest outside_image_root link");
    candidate("empty", "", "").set("ingest empty_item empty");
    candidate("text-0", "again", "").set("ingest duplicate_id text-0");
    line(CANDIDATES, "{\"text\": \"no id\"}").set("ingest missing_id -");
    line(CANDIDATES, "{\"candidate_id\": \"typed\", \"text\": 7}").set("ingest wrong_type typed");
    line(CANDIDATES, "{\"candidate_id\": \"cut").set("ingest broken_json -");
    line(QUERIES, "not JSON").set("ingest broken_json -");
    candidate("truncated", "", "png-rgb-cut-60.png").set("embed truncated_image truncated");
    candidate("bomb", "", "bomb.png").set("embed oversized_image bomb");
    query("q-truncated", "jpeg-420-large-cut-60.jpg").set("embed truncated_image q-truncated");
    positive("nobody", "text-1").set("ingest unknown_query nobody -> text-1");
    positive("q1", "nothing").set("ingest unknown_candidate q1 -> nothing");
    positive("q1", "zero").set("ingest unknown_candidate q1 -> zero");
    positive("q1", "text-1").set("ingest duplicate_pair q1 -> text-1");
    // Ingest does not decode; whoever does sets these aside.
    positive("q1", "truncated").set("judge truncated_image q1 truncated");
    positive("q-truncated", "text-1").set("judge truncated_image q-truncated text-1");
    set("mine positive_not_judged q1 truncated");
    set("mine positive_not_judged q-truncated text-1");
    Collections.sort(quarantine);
    return this;
  }

  /** How many rows there are in the files. */
  long lines() throws IOException {
    long lines = 0;
    for (String file : List.of(QUERIES, CANDIDATES, POSITIVES)) {
      lines += Files.readAllLines(dataset.folder().resolve(file + ".jsonl")).size();
    }
    return lines;
  }

  private Path images() {
    return dataset.folder().resolve("images");
  }

  private void fixture(String name) throws IOException {
    try (InputStream in = BadInput.class.getResourceAsStream("/fixtures/decoding/" + name)) {
      Files.copy(in, images().resolve(name));
    }
  }

  private BadInput candidate(String id, String text, String image) throws IOException {
    dataset.append(CANDIDATES, SmallDataset.item("candidate_id", id, text, image).toString());
    return this;
  }

  private BadInput query(String id, String image) throws IOException {
    dataset.append(QUERIES, SmallDataset.item("query_id", id, "", image).toString());
    return this;
  }

  private BadInput positive(String query, String candidate) throws IOException {
    dataset.append(POSITIVES, SmallDataset.positive(query, candidate).toString());
    return this;
  }

  private BadInput line(String file, String line) throws IOException {
    dataset.append(file, line);
    return this;
  }

  private void set(String expected) {
    quarantine.add(expected);
  }
}
