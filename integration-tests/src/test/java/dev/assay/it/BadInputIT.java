package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.assay.it.Assay.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline with every kind of bad input among good rows, and the same without it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
  /** Batches are mixed differently where rows are missing, and float32 rounds with the mix. */
  private static final double ROUNDING = 1e-4;

  private BadInput data;
  private Workspace clean;
  private Workspace dirty;
  private Run run;
  private Path temporary;

  @BeforeAll
  void runsWithAndWithout(@TempDir Path folder) throws IOException {
    temporary = folder;
    Path model = TinyCheckpoint.copy("qwen2-vl", folder.resolve("model")).folder();
    data = BadInput.good(folder.resolve("dirty")).withBad();
    clean = workspace("clean", BadInput.good(folder.resolve("clean")), model);
    dirty = workspace("dirty", data, model);
    Expect.done(clean.run("run"));
    run = Expect.done(dirty.run("run"));
    System.out.print(run.out());
  }

  private Workspace workspace(String name, BadInput input, Path model) {
    return new Workspace(
        temporary.resolve(name + "-workspace"),
        List.of(
            "assay.run.through=mine",
            "assay.ingest.input=" + input.dataset().folder(),
            "assay.ingest.max-text-bytes=2000",
            "assay.max-quarantined=" + (input.quarantine().isEmpty() ? 0 : 1),
            "assay.models.embedder=" + model,
            "assay.models.judge=" + model,
            "assay.precision=float32",
            "assay.retrieve.top-k=100",
            "assay.retrieve.max-similarity=none"));
  }

  @Test
  void everyBadRowIsInQuarantineWithItsStageAndReason() throws IOException {
    List<String> found = new ArrayList<>();
    for (JsonObject row : dirty.rows("quarantine")) {
      JsonElement id = row.get("id");
      found.add(
          "%s %s %s"
              .formatted(
                  row.get("stage").getAsString(),
                  row.get("reason").getAsString(),
                  id == null || id.isJsonNull() ? "-" : id.getAsString()));
      assertFalse(row.get("source").getAsString().isEmpty(), row::toString);
      String detail = row.get("detail").getAsString();
      assertFalse(detail.isEmpty(), row::toString);
      assertFalse(detail.contains(BadInput.SECRET), row::toString);
      assertFalse(detail.contains("root:"), row::toString);
    }
    assertEquals(data.quarantine(), found.stream().sorted().toList());
  }

  @Test
  void nothingIsLost() throws IOException {
    Map<String, Long> ingest = counts(dirty, "queries");
    assertEquals(
        data.lines(),
        ingest.get("queries")
            + ingest.get("candidates")
            + ingest.get("positives")
            + ingest.get("quarantined"));
    Map<String, Long> embed = counts(dirty, "candidate_embeddings");
    assertEquals(
        ingest.get("queries") + ingest.get("candidates"),
        embed.get("queries") + embed.get("candidates") + embed.get("quarantined"));
    // A query and a candidate have no vector; what remains is judged, pair by pair.
    assertEquals(
        counts(clean, "scored").get("pairs") + 2,
        counts(dirty, "scored").get("pairs") + counts(dirty, "scored").get("quarantined"));
  }

  @Test
  void theGoodRowsResultsEqualThoseOfARunWithoutTheBad() throws IOException {
    Map<String, JsonObject> expected = byPair(clean.rows("scored"));
    Map<String, JsonObject> scored = byPair(dirty.rows("scored"));
    assertEquals(expected.keySet(), scored.keySet());
    for (Map.Entry<String, JsonObject> pair : expected.entrySet()) {
      for (String name : List.of("margin", "score", "similarity")) {
        assertEquals(
            number(pair.getValue(), name),
            number(scored.get(pair.getKey()), name),
            ROUNDING,
            () -> name + " of " + pair.getKey());
      }
    }
    assertEquals(negatives(clean), negatives(dirty));
    assertEquals(SmallDataset.POSITIVES, negatives(dirty).size());
  }

  @Test
  void oddImagesAndALongTextAreUsed() {
    // Every query retrieved every candidate that has a vector, in both runs.
    int usable = SmallDataset.CANDIDATES + BadInput.ODD.size() + 1;
    assertTrue(run.out().contains("out of " + usable + " contents;"), run::toString);
    assertTrue(run.out().contains("; 1 texts cut to 2,000 bytes, such as candidates.jsonl:"));
  }

  @Test
  void everyJobTellsWhatItSetAside() {
    List<String> lines = run.out().lines().toList();
    assertEquals(5, lines.size(), run::toString);
    for (String line : lines) {
      assertTrue(line.matches(".*; \\d+ quarantined( \\([a-z_]+ \\d+.*\\))? \\(.* s\\)"), line);
    }
  }

  @Test
  void stopsAboveTheAllowedShareInOneLineAndWritesNothing() throws IOException {
    Workspace strict = new Workspace(temporary.resolve("strict"), List.of());
    Run stopped = strict.run("ingest", "--input", data.dataset().folder().toString());

    assertEquals(1, stopped.status(), stopped::toString);
    assertEquals("", stopped.out(), stopped::toString);
    List<String> said =
        stopped.err().lines().filter(line -> !line.startsWith("ingest  ")).toList(); // progress
    assertEquals(1, said.size(), stopped::toString);
    assertTrue(
        said.get(0).matches("assay: Cannot ingest: 16 of 96 rows .*max-quarantined = 0.01: .*"),
        stopped::toString);
    assertEquals(List.of(), List.copyOf(Snapshot.of(strict.folder()).keySet()));
  }

  private static Map<String, Long> counts(Workspace workspace, String table) throws IOException {
    Path manifest = workspace.folder().resolve(table).resolve("_manifest.json");
    Map<String, Long> counts = new TreeMap<>();
    JsonParser.parseString(Files.readString(manifest))
        .getAsJsonObject()
        .getAsJsonObject("counts")
        .entrySet()
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue().getAsLong()));
    return counts;
  }

  /** A positive that was not retrieved has no similarity: NaN, which equals itself. */
  private static double number(JsonObject row, String name) {
    JsonElement value = row.get(name);
    return value == null || value.isJsonNull() ? Double.NaN : value.getAsDouble();
  }

  private static Map<String, JsonObject> byPair(List<JsonObject> rows) {
    Map<String, JsonObject> byPair = new TreeMap<>();
    for (JsonObject row : rows) {
      byPair.put(
          row.get("query_id").getAsString() + " " + row.get("candidate_id").getAsString(), row);
    }
    return byPair;
  }

  /** Each query and positive with its negatives' ids, in order. */
  private static Map<String, List<String>> negatives(Workspace workspace) throws IOException {
    Map<String, List<String>> negatives = new TreeMap<>();
    for (JsonObject row : workspace.rows("negatives")) {
      List<String> ids = new ArrayList<>();
      for (JsonElement negative : row.getAsJsonArray("negatives")) {
        ids.add(negative.getAsJsonObject().get("candidate_id").getAsString());
      }
      negatives.put(
          row.get("query_id").getAsString() + " " + row.get("positive_id").getAsString(), ids);
    }
    return negatives;
  }
}
