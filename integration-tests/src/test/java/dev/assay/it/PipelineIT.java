package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.assay.it.Assay.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline on a small dataset, with a tiny random checkpoint as embedder and judge. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineIT {
  private static final List<String> JOBS = List.of("ingest", "embed", "retrieve", "judge", "mine");

  private Path folder;
  private Workspace workspace;
  private Run first;
  private final Map<String, List<JsonObject>> tables = new HashMap<>();

  @BeforeAll
  void runsOnce(@TempDir Path temporary) throws IOException {
    folder = temporary;
    SmallDataset data = SmallDataset.write(folder.resolve("data"));
    data.truncate("disc-19.png");
    Path embedder = TinyCheckpoint.copy("qwen2-vl", folder.resolve("embedder")).folder();
    Path judge = TinyCheckpoint.copy("qwen2.5-vl", folder.resolve("judge")).folder();
    workspace =
        new Workspace(
            folder.resolve("workspace"),
            List.of(
                "assay.run.through=mine",
                "assay.ingest.input=" + data.folder(),
                // One image of forty candidates is broken.
                "assay.max-quarantined=0.05",
                "assay.models.embedder=" + embedder,
                "assay.models.judge=" + judge,
                "assay.retrieve.top-k=20",
                "assay.retrieve.max-similarity=none"));
    first = Expect.done(workspace.run("run"));
    System.out.printf("assay run, first: %.1f s%n%s", first.took().toMillis() / 1e3, first.out());
  }

  @Test
  void saysOneLineAJob() {
    List<String> said = first.out().lines().map(line -> line.replaceFirst(":.*", "")).toList();
    assertEquals(JOBS, said, first::toString);
  }

  @Test
  void setsABrokenImageAside() throws IOException {
    List<JsonObject> quarantine = rows("quarantine");
    assertEquals(1, quarantine.size(), quarantine::toString);
    JsonObject row = quarantine.get(0);
    assertEquals("image-19", row.get("id").getAsString(), row::toString);
    assertFalse(row.get("reason").getAsString().isEmpty(), row::toString);
  }

  @Test
  void scoresEveryRetrievedPairAndEveryPositive() throws IOException {
    List<JsonObject> scored = rows("scored");
    Set<String> pairs = scored.stream().map(PipelineIT::pair).collect(Collectors.toSet());
    assertEquals(scored.size(), pairs.size(), "a pair was scored twice");
    Set<String> wanted =
        rows("retrieved").stream().map(PipelineIT::pair).collect(Collectors.toSet());
    assertTrue(wanted.size() >= SmallDataset.QUERIES * 19, () -> wanted.size() + " retrieved");
    rows("positives").forEach(row -> wanted.add(pair(row)));
    assertEquals(wanted, pairs);
    for (JsonObject row : scored) {
      double margin = row.get("margin").getAsDouble();
      assertEquals(
          1 / (1 + Math.exp(-margin)), row.get("score").getAsDouble(), 1e-6, row::toString);
    }
    long positives = scored.stream().filter(row -> row.get("is_positive").getAsBoolean()).count();
    assertEquals(SmallDataset.POSITIVES, positives);
  }

  @Test
  void minesTenNegativesForEachPositiveAndNoPositiveAmongThem() throws IOException {
    Set<String> positives =
        rows("positives").stream().map(PipelineIT::pair).collect(Collectors.toSet());
    List<JsonObject> mined = rows("negatives");
    assertEquals(SmallDataset.POSITIVES, mined.size());
    for (JsonObject row : mined) {
      JsonArray negatives = row.getAsJsonArray("negatives");
      assertEquals(10, negatives.size(), row::toString);
      for (JsonElement negative : negatives) {
        String candidate = negative.getAsJsonObject().get("candidate_id").getAsString();
        String pair = row.get("query_id").getAsString() + " " + candidate;
        assertFalse(positives.contains(pair), () -> pair + " is a positive");
      }
    }
  }

  @Test
  void decidesOnEveryRetrievedPair() throws IOException {
    Set<String> decided =
        rows("decisions").stream().map(PipelineIT::pair).collect(Collectors.toSet());
    for (JsonObject row : rows("retrieved")) {
      assertTrue(decided.contains(pair(row)), () -> "no decision on " + row);
    }
  }

  @Test
  void writesTheAuthorsFormat() throws IOException {
    Path file = folder.resolve("unime.json");
    Expect.done(
        workspace.run(
            "export", "--table", "negatives", "--format", "unime-v2", "--output", file.toString()));
    JsonArray rows = JsonParser.parseString(Files.readString(file)).getAsJsonArray();
    assertEquals(SmallDataset.POSITIVES, rows.size());
    for (JsonElement row : rows) {
      assertEquals(10, row.getAsJsonObject().getAsJsonArray("hard_negatives").size());
    }
  }

  @Test
  void exportsTablesAsTheyAre() throws IOException {
    for (String table : List.of("negatives", "quarantine")) {
      assertEquals(withoutNulls(rows(table)), withoutNulls(workspace.exported(table)), table);
    }
  }

  /** Rows in no order, a field without a value as one that is not there. */
  private static Set<JsonObject> withoutNulls(List<JsonObject> rows) {
    rows.forEach(row -> row.entrySet().removeIf(field -> field.getValue().isJsonNull()));
    return Set.copyOf(rows);
  }

  @Test
  void aSecondRunSkipsEveryJob() throws IOException {
    var before = Snapshot.of(workspace.folder());
    Run again = Expect.done(workspace.run("run"));
    List<String> expected = JOBS.stream().map(job -> job + ": up to date").toList();
    assertEquals(expected, again.out().lines().toList(), again::toString);
    assertEquals(before, Snapshot.of(workspace.folder()));
    System.out.printf("assay run, nothing to do: %.1f s%n", again.took().toMillis() / 1e3);
  }

  private List<JsonObject> rows(String table) {
    if (!tables.containsKey(table)) {
      tables.put(table, workspace.rows(table));
    }
    return tables.get(table);
  }

  private static String pair(JsonObject row) {
    return row.get("query_id").getAsString() + " " + row.get("candidate_id").getAsString();
  }
}
