package dev.assay.job.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.job.JobRunner;
import dev.assay.job.TestCompute;
import dev.assay.job.embed.EmbedJob;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.train.data.BatchMix;
import dev.assay.job.train.run.MetricsLog;
import dev.assay.job.train.run.StepMetrics;
import dev.assay.job.workspace.Tables;
import dev.assay.train.optimizer.Schedule;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.PrecisionChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a tiny checkpoint, with texts and images. */
class TrainEmbedderJobTest {
  private static final String BASE = TinyWorld.FIXTURES.resolve("qwen2-vl").toString();
  private static final Path IMAGES = TinyWorld.FIXTURES.resolve("images");

  @TempDir Path folder;

  private TinyWorld world;
  private Path model;

  @BeforeEach
  void openWorld() {
    model = folder.resolve("models/embedder");
    world =
        new TinyWorld(folder)
            .query("q1", "a red car", null)
            .query("q2", "what is on it? <|image_1|>", "small.png")
            .query("q3", "the quick brown fox", null)
            .query("q4", null, "wide.png")
            .query("q5", "one more", null)
            .candidate("c1", "a car that is red", null)
            .candidate("c2", "a blue bicycle", null)
            .candidate("c3", null, "exact.png")
            .candidate("c4", "a fox, brown and quick", null)
            .candidate("c5", "two of them", "gray.png");
  }

  /** A good list for each query. */
  private TinyWorld mined() {
    return world
        .mined("q1", "c1", 0.9f, "c2=0.3", "c3=0.1", "c4=0.05")
        .mined("q2", "c3", 0.8f, "c5=0.6", "c1=0.2", "c2=0.1")
        .mined("q3", "c4", 0.95f, "c1=0.2", "c2=0.1", "c3=0.02")
        .mined("q4", "c5", 0.7f, "c3=0.4", "c4=0.2", "c1=0.1")
        .mined("q5", "c2", 0.6f, "c1=0.5", "c4=0.3", "c5=0.1");
  }

  @Test
  void trainsAnAdapterThatEmbedsOtherwiseAndIsNotTrainedTwice() throws IOException {
    mined().write(IMAGES);

    JobRunner.Outcome first = world.run(job(o -> o));

    assertFalse(first.skipped());
    assertEquals(8, first.result().counts().get("steps"));
    assertTrue(first.result().summary().startsWith("8 steps of 2 examples, loss "));
    assertEquals(
        List.of(
            "_manifest.json",
            "adapter_config.json",
            "adapter_model.safetensors",
            "assay.json",
            "learning-curve.png",
            "metrics.jsonl"),
        files());
    assertEquals(8, Files.readAllLines(model.resolve("metrics.jsonl")).size());
    assertEquals(900, ImageIO.read(model.resolve("learning-curve.png").toFile()).getWidth());
    assertFallingLoss();
    assertTrue(world.run(job(o -> o)).skipped());

    float[] before = embedding(BASE);
    float[] after = embedding(model.toString());
    assertNotEquals(before[0], after[0], 1e-4);
  }

  private void assertFallingLoss() throws IOException {
    List<StepMetrics> steps =
        MetricsLog.after(
                99,
                new org.apache.hadoop.fs.Path(model.resolve("metrics.jsonl").toString()),
                new org.apache.hadoop.conf.Configuration())
            .steps();
    double first = steps.subList(0, 3).stream().mapToDouble(StepMetrics::loss).sum();
    double last = steps.subList(5, 8).stream().mapToDouble(StepMetrics::loss).sum();
    assertTrue(last < first, first + " to " + last);
  }

  private float[] embedding(String checkpoint) {
    world.run(new EmbedJob(new EmbedJobOptions(checkpoint, TestCompute.cpu(8, 2048), 64)));
    Row row = world.workspace.read(Tables.QUERY_EMBEDDINGS).filter("query_id = 'q1'").first();
    List<Float> values = row.getList(row.fieldIndex(Tables.EMBEDDING));
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  @Test
  void aLossAcrossQueriesIsTheSameInOnePartAndInTwo() throws IOException {
    mined().write(IMAGES);
    world.run(job(o -> o.with(LossKind.IN_BATCH).negatives(0).parts(1)));
    double[] one = losses();
    world.run(job(o -> o.with(LossKind.IN_BATCH).negatives(0).parts(2)));
    assertArrayEquals(one, losses(), 1e-5);
  }

  @Test
  void fullTrainingWritesAWholeCheckpoint() {
    mined().write(IMAGES);
    world.run(job(o -> o.with(Tune.Method.FULL)));
    assertTrue(files().containsAll(List.of("config.json", "model.safetensors", "tokenizer.json")));
    assertNotEquals(embedding(BASE)[0], embedding(model.toString())[0], 1e-4);
  }

  private double[] losses() throws IOException {
    return Files.readAllLines(model.resolve("metrics.jsonl")).stream()
        .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*\"loss\":([^,]+),.*", "$1")))
        .toArray();
  }

  @Test
  void anEmptyTableOfNegativesIsRefused() {
    world.write(IMAGES);
    assertRefused("table negatives is empty; no query has a list of negatives", o -> o);
  }

  @Test
  void aNegativeThatIsNoCandidateIsRefused() {
    mined().mined("q1", "c2", 0.5f, "c9=0.1", "c3=0.1", "c4=0.1").write(IMAGES);
    assertRefused(
        "negatives name c9, which is not in candidates (for query q1; 1 such); run the jobs from"
            + " ingest on again",
        o -> o);
  }

  @Test
  void aListOfNoQueryIsRefused() {
    mined().mined("q9", "c2", 0.5f, "c1=0.1", "c3=0.1", "c4=0.1").write(IMAGES);
    assertRefused("negatives name q9, which is not in queries", o -> o);
  }

  @Test
  void aScoreThatIsNaNIsRefused() {
    mined().mined("q1", "c2", 0.5f, "c1=0.1", "c3=NaN", "c4=0.1").write(IMAGES);
    assertRefused("a score of query q1 in negatives is not a number; mine again", o -> o);
  }

  @Test
  void moreNegativesThanTheListsHaveAreRefused() {
    mined().write(IMAGES);
    assertRefused(
        "assay.train-embedder.negatives is 4, but the list of query q1 has fewer (the shortest has"
            + " 3); set it to what is there, or mine more",
        o -> o.negatives(4));
  }

  @Test
  void aBatchThatTheRowsDoNotFillIsRefused() {
    mined().write(IMAGES);
    assertRefused(
        "assay.train-embedder.batch-size is 6, but there are only 5 rows", o -> o.batch(6));
  }

  @Test
  void aRowWithADamagedImageIsSetAsideAndTheOthersAreTrainedOn() throws IOException {
    Path images = folder.resolve("images");
    Files.createDirectories(images);
    for (String name : List.of("small.png", "wide.png", "exact.png", "gray.png")) {
      Files.copy(IMAGES.resolve(name), images.resolve(name));
    }
    byte[] whole = Files.readAllBytes(images.resolve("small.png"));
    Files.write(images.resolve("small.png"), Arrays.copyOf(whole, whole.length / 2));
    mined().write(images);

    JobRunner.Outcome outcome = world.run(job(o -> o.batch(4)));

    assertEquals(1, outcome.result().counts().get("quarantined"));
    Row row = world.rows(Tables.quarantine("train-embedder")).get(0);
    assertEquals("q2", row.getAs(Tables.ID));
    assertEquals("truncated_image", row.getAs(Tables.REASON));
    assertTrue(row.<String>getAs(Tables.DETAIL).startsWith("small.png: "));
    assertRefused("there are only 4 rows", o -> o.batch(5));
  }

  @Test
  void targetsThatMatchNothingAreRefused() {
    mined().write(IMAGES);
    CheckpointException e =
        assertThrows(
            CheckpointException.class, () -> world.run(job(o -> o.targets("no_such_proj"))));
    assertTrue(e.getMessage().contains("no linear layer matches"), e.getMessage());
    assertTrue(e.getMessage().contains("no_such_proj"), e.getMessage());
  }

  @Test
  void anAdapterOnAnAdapterIsRefusedBeforeAnyWork() {
    mined().write(IMAGES);
    world.run(job(o -> o));
    SettingsException e =
        assertThrows(SettingsException.class, () -> world.run(job(o -> o.model(model.toString()))));
    assertTrue(e.getMessage().contains("is an adapter itself"), e.getMessage());
  }

  private void assertRefused(String why, UnaryOperator<Wanted> change) {
    SettingsException e = assertThrows(SettingsException.class, () -> world.run(job(change)));
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertFalse(Files.exists(model.resolve("_training")));
  }

  private List<String> files() {
    try (var files = Files.list(model)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static TrainEmbedderJob job(UnaryOperator<Wanted> change) {
    return change.apply(Wanted.PLAIN).job();
  }

  /** Eight steps of two examples, in two parts. */
  private record Wanted(
      String model,
      Tune.Method method,
      String targets,
      LossKind loss,
      int negatives,
      int size,
      int parts) {
    static final Wanted PLAIN =
        new Wanted(
            BASE,
            Tune.Method.LORA,
            "q_proj, v_proj, o_proj",
            LossKind.DISTRIBUTION_ALIGNMENT,
            3,
            2,
            2);

    Wanted model(String other) {
      return new Wanted(other, method, targets, loss, negatives, size, parts);
    }

    Wanted with(Tune.Method other) {
      return new Wanted(model, other, targets, loss, negatives, size, parts);
    }

    Wanted targets(String other) {
      return new Wanted(model, method, other, loss, negatives, size, parts);
    }

    Wanted with(LossKind other) {
      return new Wanted(model, method, targets, other, negatives, size, parts);
    }

    Wanted negatives(int other) {
      return new Wanted(model, method, targets, loss, other, size, parts);
    }

    Wanted batch(int other) {
      return new Wanted(model, method, targets, loss, negatives, other, parts);
    }

    Wanted parts(int other) {
      return new Wanted(model, method, targets, loss, negatives, size, other);
    }

    TrainEmbedderJob job() {
      double rate = method == Tune.Method.FULL ? 1e-3 : 1e-2;
      Tune tune =
          method == Tune.Method.FULL
              ? new Tune.Full("(?!visual\\.).*")
              : new Tune.Lora(4, 8, loss.equals(LossKind.IN_BATCH) ? 0 : 0.1, targets, false);
      return new TrainEmbedderJob(
          new TrainEmbedderOptions(
              new TrainOptions(
                  "assay.train-embedder",
                  model,
                  tune,
                  new TrainOptions.Data(negatives, size, BatchMix.MIXED, parts),
                  new TrainOptions.Pace(
                      new TrainOptions.Length(8, 1),
                      new TrainOptions.LearningRate(
                          rate, Schedule.Shape.LINEAR, WarmUp.parse("w", "1")),
                      0.01,
                      1,
                      3,
                      2),
                  new TrainOptions.ReplicaSettings(
                      DeviceChoice.CPU, PrecisionChoice.FLOAT32, 1 << 20, 4096, true)),
              loss,
              0.1));
    }
  }
}
