package dev.assay.job.embed;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.job.JobRunner;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.TestCompute;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.store.Slices;
import dev.assay.job.workspace.Tables;
import dev.assay.udf.compute.Compute;
import dev.assay.udf.compute.DeviceChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedJobTest {
  private static final Path IMAGES = TinyWorld.FIXTURES.resolve("images");

  @TempDir Path folder;

  @Test
  void embedsEachDistinctContentOnceAndEveryNameGetsIt() {
    TinyWorld world =
        new TinyWorld(folder)
            .query("q1", "a red circle", null)
            .query("q2", "a red circle", null)
            .query("q3", "what is this?", "small.png")
            .candidate("c1", null, "small.png")
            .candidate("c2", "a red circle", null)
            .candidate("c3", null, "large.jpg")
            .write(IMAGES);

    JobRunner.Outcome outcome = world.run(job(DeviceChoice.CPU));

    assertEquals(
        Map.of(
            "queries", 3L,
            "candidates", 3L,
            "items", 4L,
            "reused", 0L,
            "embedded", 4L,
            "quarantined", 0L),
        outcome.result().counts());
    Map<String, List<Float>> vectors = new HashMap<>();
    world.rows(Tables.QUERY_EMBEDDINGS).forEach(r -> vectors.put(r.getString(0), r.getList(1)));
    world.rows(Tables.CANDIDATE_EMBEDDINGS).forEach(r -> vectors.put(r.getString(0), r.getList(1)));
    assertEquals(6, vectors.size());
    assertEquals(vectors.get("q1"), vectors.get("q2"));
    assertEquals(vectors.get("q1"), vectors.get("c2"));
    assertEquals(4, new TreeSet<>(vectors.values().stream().map(List::toString).toList()).size());
    for (List<Float> vector : vectors.values()) {
      assertEquals(64, vector.size());
      assertEquals(1, vector.stream().mapToDouble(x -> x * x).sum(), 1e-5);
    }
    assertTrue(world.run(job(DeviceChoice.CPU)).skipped());
    assertTrue(world.printed().contains("embed: 3 queries and 3 candidates embedded"));
  }

  @Test
  void itemsThatCannotBeUsedGoToQuarantineAndTheOthersGoOn() throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.copy(IMAGES.resolve("exact.png"), images.resolve("good.png"));
    Files.copy(IMAGES.resolve("exact-wide.png"), images.resolve("changed.png"));
    Files.writeString(images.resolve("text.png"), "no image");
    TinyWorld world =
        new TinyWorld(folder.resolve("workspace"))
            .query("q1", "words", null)
            .query("q2", "words", "text.png")
            .candidate("c1", null, "good.png")
            .candidate("c2", "words", "text.png")
            .candidate("c3", null, "gone.png")
            .candidate("c4", null, "changed.png")
            .write(images);
    Files.copy(IMAGES.resolve("small.png"), images.resolve("changed.png"), REPLACE_EXISTING);

    QuarantineLimit half = new QuarantineLimit("assay.max-quarantined", 0.5);
    JobFailedException stopped =
        assertThrows(JobFailedException.class, () -> world.run(job(DeviceChoice.CPU), half));
    assertTrue(
        stopped
            .getMessage()
            .startsWith(
                "Cannot embed: 4 of 6 rows (66.7%) cannot be used, more than"
                    + " assay.max-quarantined = 0.5: unreadable_image 2, changed_image 1, missing_image 1; such as"
                    + " candidates c2: "),
        stopped::getMessage);
    assertFalse(world.workspace.has(Tables.QUERY_EMBEDDINGS));
    assertFalse(world.workspace.has(Tables.QUARANTINE));

    world.run(job(DeviceChoice.CPU));

    Map<String, Row> quarantine = new HashMap<>();
    world.rows(Tables.QUARANTINE).forEach(row -> quarantine.put(row.getAs("id"), row));
    assertEquals(
        new TreeSet<>(List.of("c2", "c3", "c4", "q2")), new TreeSet<>(quarantine.keySet()));
    assertEquals("unreadable_image", quarantine.get("q2").getAs("reason"));
    assertEquals("queries", quarantine.get("q2").getAs("source"));
    assertEquals("unreadable_image", quarantine.get("c2").getAs("reason"));
    assertEquals("candidates", quarantine.get("c2").getAs("source"));
    assertEquals("missing_image", quarantine.get("c3").getAs("reason"));
    assertTrue(quarantine.get("c3").<String>getAs("detail").startsWith("gone.png"));
    assertEquals("embed", quarantine.get("c3").getAs("stage"));
    assertEquals("changed_image", quarantine.get("c4").getAs("reason"));
    String detail = quarantine.get("c4").getAs("detail");
    assertTrue(detail.startsWith("changed.png") && detail.contains("run ingest again"), detail);
    assertEquals(1, world.rows(Tables.QUERY_EMBEDDINGS).size());
    assertEquals(1, world.rows(Tables.CANDIDATE_EMBEDDINGS).size());

    world.write(images);
    assertEquals(3, world.run(job(DeviceChoice.CPU)).result().counts().get("quarantined"));
    assertEquals(2, world.rows(Tables.CANDIDATE_EMBEDDINGS).size(), "ingested again, c4 is used");
  }

  @Test
  void moreItemsCostOnlyThemselves() {
    TinyWorld world =
        new TinyWorld(folder)
            .query("q1", "a red circle", null)
            .candidate("c1", null, "small.png")
            .write(IMAGES);
    world.run(job(DeviceChoice.CPU));
    List<Row> before = world.rows(Tables.QUERY_EMBEDDINGS);

    world.candidate("c2", null, "large.jpg").candidate("c3", "a red circle", null).write(IMAGES);
    JobRunner.Outcome outcome = world.run(job(DeviceChoice.CPU));

    assertEquals(2, outcome.result().counts().get("reused"));
    assertEquals(1, outcome.result().counts().get("embedded"));
    assertEquals(3, world.rows(Tables.CANDIDATE_EMBEDDINGS).size());
    assertEquals(before, world.rows(Tables.QUERY_EMBEDDINGS));
    String said = world.printed();
    assertTrue(said.contains("embed  2 of 3 items are in the store, 1 to embed"), said);
    assertTrue(said.contains("2 reused, 1 embedded at "), said);
  }

  @Test
  void failsWhereNothingCanBeUsed() {
    TinyWorld world =
        new TinyWorld(folder)
            .query("q1", null, "gone.png")
            .candidate("c1", null, "gone.png")
            .write(IMAGES);

    JobFailedException e =
        assertThrows(JobFailedException.class, () -> world.run(job(DeviceChoice.CPU)));
    assertTrue(e.getMessage().startsWith("Cannot embed: none of 1 items can be used"));
    assertFalse(world.workspace.has(Tables.QUERY_EMBEDDINGS));
  }

  @Test
  void refusesAMissingModelAndAFolderThatIsNoneBeforeWork() {
    SettingsException unset =
        assertThrows(
            SettingsException.class,
            () -> new EmbedJobOptions("", TestCompute.cpu(32, 1024), Slices.of(1000)));
    assertTrue(unset.getMessage().contains("assay.models.embedder"));

    EmbedJob gone =
        new EmbedJob(
            new EmbedJobOptions(folder + "/gone", TestCompute.cpu(32, 1024), Slices.of(1000)));
    assertThrows(CheckpointException.class, () -> gone.check(new Configuration()));
  }

  @Test
  void saysInOneLineThatThereIsNoGpu() {
    TinyWorld world =
        new TinyWorld(folder).query("q1", "t", null).candidate("c1", "t", null).write(IMAGES);

    SettingsException e =
        assertThrows(SettingsException.class, () -> world.run(job(DeviceChoice.GPU)));
    assertTrue(e.getMessage().startsWith("Cannot use device=gpu"), e.getMessage());
  }

  private static EmbedJob job(DeviceChoice device) {
    String model = TinyWorld.FIXTURES.resolve("qwen2-vl").toString();
    Compute compute = TestCompute.cpu(2, 1024).withDevice(device);
    return new EmbedJob(new EmbedJobOptions(model, compute, Slices.of(1000)));
  }
}
