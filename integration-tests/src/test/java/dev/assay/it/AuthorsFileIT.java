package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.assay.it.Assay.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file in the schema of UniME-V2's authors goes in, trains both models, and comes out again. */
class AuthorsFileIT {
  private static final int ENTRIES = 8;
  private static final int NEGATIVES = 10;
  private static final String IMAGE = "<|image_1|>\n";

  @TempDir Path folder;

  @Test
  void trainsBothModelsAndIsExportedAsItCame() throws IOException {
    SmallDataset images = SmallDataset.write(folder.resolve("data"));
    JsonArray entries = new JsonArray();
    for (int i = 0; i < ENTRIES; i++) {
      entries.add(entry(i));
    }
    Path file = folder.resolve("train.json");
    Files.writeString(file, entries.toString());
    Workspace workspace =
        new Workspace(
            folder.resolve("work"),
            List.of(
                "assay.models.embedder="
                    + TinyCheckpoint.copy("qwen2-vl", folder.resolve("embedder")).folder(),
                "assay.models.judge="
                    + TinyCheckpoint.copy("qwen2.5-vl", folder.resolve("judge")).folder(),
                "assay.precision=float32",
                "assay.max-quarantined=0.2",
                "assay.train-embedder.steps=3",
                "assay.train-embedder.batch-size=4",
                "assay.train-reranker.steps=2",
                "assay.train-reranker.batch-size=2"));
    Path root = images.folder().resolve("images");
    Expect.done(
        workspace.run(
            "ingest",
            "--format",
            "unime-v2",
            "--input",
            file.toString(),
            "--image-root",
            root.toString()));
    images.truncate(
        "disc-0.png"); // after ingest: the query's of the first entry, and nobody else's

    Run embedder = Expect.done(workspace.run("train-embedder"));
    Run reranker = Expect.done(workspace.run("train-reranker"));

    assertTrue(embedder.out().contains("3 steps of 4 examples, loss "), embedder::toString);
    assertTrue(embedder.out().contains("1 quarantined (changed_image 1)"), embedder::toString);
    assertTrue(reranker.out().contains("2 steps of 2 examples, loss "), reranker::toString);
    Path out = folder.resolve("out.json");
    Expect.done(
        workspace.run(
            "export", "--table", "negatives", "--format", "unime-v2", "--output", out.toString()));
    assertEquals(distinct(entries), distinct(JsonParser.parseString(Files.readString(out))));
  }

  /** A query with an image, or a text; its positive the other way round. */
  private static JsonObject entry(int i) {
    boolean asksWithImage = i % 2 == 0;
    String image = "disc-" + i + ".png";
    JsonObject entry = new JsonObject();
    entry.addProperty("query_text", asksWithImage ? IMAGE + "What is this?" : "Find disc " + i);
    entry.addProperty("query_image", asksWithImage ? image : "");
    entry.addProperty("pos_text", asksWithImage ? "disc " + i : IMAGE);
    entry.addProperty("pos_image", asksWithImage ? "" : image);
    entry.addProperty("query_pos_scores", 0.875);
    JsonArray negatives = new JsonArray();
    JsonArray scores = new JsonArray();
    for (int n = 0; n < NEGATIVES; n++) {
      JsonArray negative = new JsonArray();
      boolean shows = n % 5 == 4;
      negative.add(shows ? IMAGE : "something else, number " + (i + n));
      negative.add(shows ? "disc-" + (10 + n) + ".png" : "");
      negatives.add(negative);
      scores.add(n / 16.0);
    }
    entry.add("hard_negatives", negatives);
    entry.add("hard_negatives_scores", scores);
    return entry;
  }

  /** Entries in no order, fields in no order. */
  private static Set<JsonElement> distinct(JsonElement entries) {
    Set<JsonElement> all = new HashSet<>();
    entries.getAsJsonArray().forEach(all::add);
    assertEquals(ENTRIES, all.size());
    return all;
  }
}
