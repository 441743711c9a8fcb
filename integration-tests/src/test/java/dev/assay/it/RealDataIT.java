package dev.assay.it;

import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From ingest to mine on a part of each real dataset, where the folder {@code assay.data} is. */
class RealDataIT {
  private static final int QUERIES = 15;
  private static final int CANDIDATES = 60;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"nlvr, qwen2-vl", "grocery, qwen2.5-vl"})
  void minesFrom(String dataset, String family) throws IOException {
    Path source = Path.of(System.getProperty("assay.data", "../../shared/data")).resolve(dataset);
    String skipped = "skipped: no real data in " + source + " (set -Dassay.data=FOLDER)";
    if (!Files.isDirectory(source)) {
      System.out.println("RealDataIT " + dataset + " " + skipped);
    }
    assumeTrue(Files.isDirectory(source), skipped);

    Path part = Files.createDirectories(folder.resolve("part"));
    cut(source, part);
    Path checkpoint = TinyCheckpoint.copy(family, folder.resolve("checkpoint")).folder();
    Workspace workspace =
        new Workspace(
            folder.resolve("workspace"),
            List.of(
                "assay.run.through=mine",
                "assay.ingest.input=" + part,
                "assay.ingest.image-root=" + source.resolve("images").toRealPath(),
                "assay.models.embedder=" + checkpoint,
                "assay.models.judge=" + checkpoint,
                "assay.retrieve.top-k=20",
                "assay.retrieve.max-similarity=none"));
    Assay.Run run = Expect.done(workspace.run("run"));
    System.out.printf("%s: %.1f s%n%s", dataset, run.took().toMillis() / 1e3, run.out());

    List<JsonObject> negatives = workspace.rows("negatives");
    assertEquals(QUERIES, negatives.size());
    assertTrue(workspace.rows("scored").size() >= QUERIES * 19);
  }

  /** The first queries, their positives, and candidates enough to mine from. */
  private static void cut(Path source, Path part) throws IOException {
    List<String> queries = Files.readAllLines(source.resolve("queries.jsonl")).subList(0, QUERIES);
    Set<String> queryIds = ids("query_id", queries);
    List<String> positives =
        Files.readAllLines(source.resolve("positives.jsonl")).stream()
            .filter(line -> queryIds.contains(id("query_id", line)))
            .toList();
    Set<String> positiveIds = ids("candidate_id", positives);
    Map<Boolean, List<String>> candidates =
        Files.readAllLines(source.resolve("candidates.jsonl")).stream()
            .collect(partitioningBy(line -> positiveIds.contains(id("candidate_id", line))));
    List<String> kept = new ArrayList<>(candidates.get(true));
    kept.addAll(candidates.get(false).subList(0, CANDIDATES - kept.size()));
    Files.write(part.resolve("queries.jsonl"), queries);
    Files.write(part.resolve("positives.jsonl"), positives);
    Files.write(part.resolve("candidates.jsonl"), kept);
  }

  private static Set<String> ids(String name, List<String> lines) {
    return lines.stream().map(line -> id(name, line)).collect(toSet());
  }

  private static String id(String name, String line) {
    return JsonParser.parseString(line).getAsJsonObject().get(name).getAsString();
  }
}
