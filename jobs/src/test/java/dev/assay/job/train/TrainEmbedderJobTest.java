package dev.assay.job.train;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.job.JobRunner;
import dev.assay.job.TestCompute;
import dev.assay.job.TestSpark;
import dev.assay.job.embed.EmbedJob;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.store.Slices;
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
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a tiny checkpoint, with texts and images. Models are trained once, before all tests, one after
 * the other in one workspace.
 */
class TrainEmbedderJobTest {
  private static final String BASE = TinyWorld.FIXTURES.resolve("qwen2-vl").toString();
  private static final Path IMAGES = TinyWorld.FIXTURES.resolve("images");

  @TempDir static Path folder;

  /** A good list for each query; its model is the last that was trained. */
  private static TinyWorld shared;

  private static Trained adapter;
  private static boolean adapterSkippedAgain;
  private static Path adapterCopy;
  private static Trained full;
  private static Trained inOnePart;
  private static Trained inTwoParts;
  private static float[] baseEmbedding;

  /**
   * What one training left behind.
   *
   * @param embedding of query q1 by the trained model; null where no test looks at it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Trained(
      JobRunner.Outcome outcome, List<String> files, List<StepMetrics> steps, float[] embedding) {
    double[] losses() {
      return steps.stream().mapToDouble(StepMetrics::loss).toArray();
    }
  }

  @BeforeAll
  static void train() throws IOException {
    shared = mined("shared").write(IMAGES);
    baseEmbedding = embedding(BASE);
    adapter = trained(o -> o, true);
    adapterSkippedAgain = shared.run(job(o -> o)).skipped();
    adapterCopy = Files.createDirectory(folder.resolve("adapter"));
    for (String file : adapter.files()) {
      Files.copy(model(shared).resolve(file), adapterCopy.resolve(file));
    }
    inOnePart = trained(o -> o.with(LossKind.IN_BATCH).negatives(0).parts(1), false);
    inTwoParts = trained(o -> o.with(LossKind.IN_BATCH).negatives(0).parts(2), false);
    full = trained(o -> o.with(Tune.Method.FULL), true);
  }

  private static Trained trained(UnaryOperator<Wanted> change, boolean embed) {
    JobRunner.Outcome outcome = shared.run(job(change));
    List<StepMetrics> steps =
        MetricsLog.after(
                99,
                new org.apache.hadoop.fs.Path(model(shared).resolve("metrics.jsonl").toString()),
                new org.apache.hadoop.conf.Configuration())
            .steps();
    return new Trained(outcome, files(), steps, embed ? embedding(model(shared).toString()) : null);
  }

  private static TinyWorld world(String name) {
    return new TinyWorld(folder.resolve(name))
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
  private static TinyWorld mined(String name) {
    return world(name)
        .mined("q1", "c1", 0.9f, "c2=0.3", "c3=0.1", "c4=0.05")
        .mined("q2", "c3", 0.8f, "c5=0.6", "c1=0.2", "c2=0.1")
        .mined("q3", "c4", 0.95f, "c1=0.2", "c2=0.1", "c3=0.02")
        .mined("q4", "c5", 0.7f, "c3=0.4", "c4=0.2", "c1=0.1")
        .mined("q5", "c2", 0.6f, "c1=0.5", "c4=0.3", "c5=0.1");
  }

  @Test
  void trainsAnAdapterThatEmbedsOtherwiseAndIsNotTrainedTwice() throws IOException {
    assertFalse(adapter.outcome().skipped());
    assertEquals(8, adapter.outcome().result().counts().get("steps"));
    assertTrue(adapter.outcome().result().summary().startsWith("8 steps of 2 examples, loss "));
    assertEquals(
        List.of(
            "_manifest.json",
            "adapter_config.json",
            "adapter_model.safetensors",
            "assay.json",
            "learning-curve.png",
            "metrics.jsonl"),
        adapter.files());
    assertEquals(8, Files.readAllLines(adapterCopy.resolve("metrics.jsonl")).size());
    assertEquals(900, ImageIO.read(adapterCopy.resolve("learning-curve.png").toFile()).getWidth());
    double first = adapter.steps().subList(0, 3).stream().mapToDouble(StepMetrics::loss).sum();
    double last = adapter.steps().subList(5, 8).stream().mapToDouble(StepMetrics::loss).sum();
    assertTrue(last < first, first + " to " + last);
    assertTrue(adapterSkippedAgain);
    assertNotEquals(baseEmbedding[0], adapter.embedding()[0], 1e-4);
  }

  private static float[] embedding(String checkpoint) {
    shared.run(
        new EmbedJob(new EmbedJobOptions(checkpoint, TestCompute.cpu(8, 2048), Slices.of(64))));
    Row row = shared.workspace.read(Tables.QUERY_EMBEDDINGS).filter("query_id = 'q1'").first();
    List<Float> values = row.getList(row.fieldIndex(Tables.EMBEDDING));
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  @Test
  void aLossAcrossQueriesIsTheSameInOnePartAsInTwo() {
    assertEquals(8, inOnePart.losses().length);
    assertArrayEquals(inOnePart.losses(), inTwoParts.losses(), 1e-5);
  }

  @Test
  void fullTrainingWritesAWholeCheckpoint() {
    assertTrue(
        full.files().containsAll(List.of("config.json", "model.safetensors", "tokenizer.json")));
    assertNotEquals(baseEmbedding[0], full.embedding()[0], 1e-4);
  }

  @Test
  void anEmptyTableOfNegativesIsRefused() {
    TinyWorld empty = world("empty").write(IMAGES);
    assertRefused("table negatives is empty; no query has a list of negatives", empty, o -> o);
  }

  @Test
  void aNegativeThatIsNoCandidateIsRefused() {
    TinyWorld world = mined("candidate").mined("q1", "c2", 0.5f, "c9=0.1", "c3=0.1", "c4=0.1");
    assertRefused(
        "negatives name c9, which is not in candidates (for query q1; 1 such); run ingest and the"
            + " jobs after it again",
        world.write(IMAGES),
        o -> o);
  }

  @Test
  void aListOfNoQueryIsRefused() {
    TinyWorld world = mined("query").mined("q9", "c2", 0.5f, "c1=0.1", "c3=0.1", "c4=0.1");
    assertRefused("negatives name q9, which is not in queries", world.write(IMAGES), o -> o);
  }

  @Test
  void aScoreThatIsNaNIsRefused() {
    TinyWorld world = mined("nan").mined("q1", "c2", 0.5f, "c1=0.1", "c3=NaN", "c4=0.1");
    assertRefused(
        "a score of query q1 in negatives is not a number; run mine again",
        world.write(IMAGES),
        o -> o);
  }

  @Test
  void moreNegativesThanTheListsHaveAreRefused() {
    assertRefused(
        "assay.train-embedder.negatives is 4, but the list of query q1 has fewer (the shortest has"
            + " 3); lower it, or mine more",
        shared,
        o -> o.negatives(4));
  }

  @Test
  void aBatchThatTheRowsDoNotFillIsRefused() {
    assertRefused(
        "assay.train-embedder.batch-size is 6, but there are only 5 rows", shared, o -> o.batch(6));
  }

  @Test
  void rowsWithADamagedOrChangedImageAreSetAsideAndTheOthersAreTrainedOn() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    for (String name : List.of("small.png", "wide.png", "exact.png", "gray.png")) {
      Files.copy(IMAGES.resolve(name), images.resolve(name));
    }
    byte[] whole = Files.readAllBytes(images.resolve("small.png"));
    Files.write(images.resolve("small.png"), Arrays.copyOf(whole, whole.length / 2));
    TinyWorld world = mined("damaged").write(images);
    Files.write(images.resolve("wide.png"), Files.readAllBytes(IMAGES.resolve("gray.png")));

    JobRunner.Outcome outcome = world.run(job(o -> o.batch(3)));

    assertEquals(2, outcome.result().counts().get("quarantined"));
    Map<String, Row> rows =
        world.rows(Tables.quarantine("train-embedder")).stream()
            .collect(Collectors.toMap(row -> row.getAs(Tables.ID), row -> row));
    assertEquals(Set.of("q2", "q4"), rows.keySet());
    assertEquals("truncated_image", rows.get("q2").getAs(Tables.REASON));
    assertTrue(rows.get("q2").<String>getAs(Tables.DETAIL).startsWith("small.png: "));
    assertEquals("changed_image", rows.get("q4").getAs(Tables.REASON));
    assertTrue(rows.get("q4").<String>getAs(Tables.DETAIL).startsWith("wide.png: "));
    assertRefused("there are only 3 rows", world, o -> o.batch(4));
    Files.copy(IMAGES.resolve("wide.png"), images.resolve("wide.png"), REPLACE_EXISTING);
    assertRefused("there are only 4 rows", world, o -> o.batch(5)); // repaired
    assertTrue(TestSpark.session().sharedState().cacheManager().isEmpty(), "rows stay persisted");
  }

  @Test
  void imagesAreLookedAtOnceAndOneThatChangesLaterIsNoticedWhenItIsRead() throws IOException {
    Path images = Files.createDirectory(folder.resolve("looked-at"));
    for (String name : List.of("small.png", "wide.png", "exact.png", "gray.png")) {
      Files.copy(IMAGES.resolve(name), images.resolve(name));
    }
    TinyWorld world = mined("once").write(images);
    assertRefused("there are only 5 rows", world, o -> o.batch(6));
    Files.copy(images.resolve("gray.png"), images.resolve("wide.png"), REPLACE_EXISTING);
    assertRefused("there are only 5 rows", world, o -> o.batch(7)); // not looked at again

    JobFailedException e =
        assertThrows(JobFailedException.class, () -> world.run(job(o -> o.batch(5))));

    assertTrue(e.getMessage().contains("changed_image"), e.getMessage());
    SettingsException next =
        assertThrows(SettingsException.class, () -> world.run(job(o -> o.batch(5))));
    assertTrue(next.getMessage().contains("there are only 4 rows"), next.getMessage());
  }

  @Test
  void targetsThatMatchNothingAreRefused() {
    CheckpointException e =
        assertThrows(
            CheckpointException.class, () -> shared.run(job(o -> o.targets("no_such_proj"))));
    assertTrue(e.getMessage().contains("no linear layer matches"), e.getMessage());
    assertTrue(e.getMessage().contains("no_such_proj"), e.getMessage());
  }

  @Test
  void anAdapterOnAnAdapterIsRefusedBeforeAnyWork() {
    SettingsException e =
        assertThrows(
            SettingsException.class, () -> shared.run(job(o -> o.model(adapterCopy.toString()))));
    assertTrue(e.getMessage().contains("is an adapter itself"), e.getMessage());
  }

  private static void assertRefused(String why, TinyWorld world, UnaryOperator<Wanted> change) {
    SettingsException e = assertThrows(SettingsException.class, () -> world.run(job(change)));
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertFalse(Files.exists(model(world).resolve("_training")));
  }

  private static Path model(TinyWorld world) {
    org.apache.hadoop.fs.Path location = new org.apache.hadoop.fs.Path(world.workspace.location());
    return Path.of(location.toUri().getPath()).resolve("models/embedder");
  }

  private static List<String> files() {
    try (var files = Files.list(model(shared))) {
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
                      DeviceChoice.CPU,
                      PrecisionChoice.FLOAT32,
                      1 << 20,
                      4096,
                      true,
                      Tune.Gradients.AUTO)),
              loss,
              0.1));
    }
  }
}
