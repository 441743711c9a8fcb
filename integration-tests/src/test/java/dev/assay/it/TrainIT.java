package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.assay.it.Assay.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Training from the command line: killed and gone on with, and on two executors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainIT {
  private static final int STEPS = 16;

  /**
   * Bits depend on the number of threads; here executors of one core are compared with two cores.
   */
  private static final String ONE_THREAD = "-Dai.djl.pytorch.num_threads=1";

  private static final List<String> MINED = List.of("queries", "candidates", "negatives");

  private Path folder;
  private Workspace trained;

  @BeforeAll
  void trainsUndisturbed(@TempDir Path temporary) throws IOException {
    folder = temporary;
    SmallDataset data = SmallDataset.write(folder.resolve("data"));
    Path embedder = TinyCheckpoint.copy("qwen2-vl", folder.resolve("embedder")).folder();
    Path judge = TinyCheckpoint.copy("qwen2.5-vl", folder.resolve("judge")).folder();
    trained =
        new Workspace(
            folder.resolve("trained"),
            List.of(
                "assay.ingest.input=" + data.folder(),
                "assay.models.embedder=" + embedder,
                "assay.models.judge=" + judge,
                "assay.retrieve.max-similarity=none",
                "assay.train-embedder.steps=" + STEPS,
                "assay.train-embedder.batch-size=6",
                "assay.train-embedder.negatives=4",
                "assay.train-embedder.learning-rate=0.003",
                "assay.train-embedder.warm-up=2",
                "assay.train-embedder.parts=2",
                "assay.train-embedder.checkpoint-every=4",
                "assay.precision=float32"));
    Run run = Expect.done(run(trained, "run", "--set", "assay.run.through=train-embedder"));
    assertTrue(run.out().contains("\ntrain-embedder: 16 steps of 6 examples, loss "), run.out());
    assertTrue(run.err().contains("16 steps of 6 examples in 2 parts (1 at a time)"), run.err());
  }

  @Test
  void aFinishedModelIsNotTrainedAgainAndEmbeds() {
    assertEquals("train-embedder: up to date\n", Expect.done(run(trained, "train-embedder")).out());
    Run embed =
        Expect.done(run(trained, "embed", "--set", "assay.models.embedder=" + model(trained)));
    assertTrue(embed.out().contains(" embedded"), embed.out());
  }

  @Test
  void aKilledRunGoesOnAndEndsWithTheSameAdapter() throws IOException {
    Workspace killed = trained.copy(folder.resolve("killed"), MINED);
    for (int step : new int[] {4, 8}) {
      Path checkpoint = model(killed).resolve("_training/step-%08d/state.json".formatted(step));
      killed
          .start(oneThread(), "train-embedder")
          .until("step " + step, () -> Files.exists(checkpoint))
          .kill();
      assertFalse(Files.exists(model(killed).resolve("_manifest.json")));
    }
    Run last = Expect.done(run(killed, "train-embedder"));

    assertTrue(last.err().contains("continues after step "), last.err());
    assertSameModel(killed);
    assertFalse(Files.exists(model(killed).resolve("_training")));
  }

  @Test
  void twoExecutorsTrainTheSameAdapterEvenIfOneIsKilled() throws IOException {
    Workspace cluster = trained.copy(folder.resolve("cluster"), MINED);
    Path sparkHome = folder.resolve("spark-home");
    Files.createDirectories(sparkHome.resolve("jars")); // what workers look for; it may be empty
    Assay assay =
        oneThread()
            .withJavaOptions("-Dspark.master=local-cluster[2,1,2048]")
            .with("SPARK_HOME", sparkHome.toString())
            .with("SPARK_SCALA_VERSION", "2.13");
    String classes = Assay.home() + "/lib/*:" + Assay.home() + "/spark/*";
    Path begun = model(cluster).resolve("_training/step-00000004/state.json");
    Running running =
        cluster
            .start(
                assay, "train-embedder", "--set", "assay.spark.executor.extraClassPath=" + classes)
            .until("step 4", () -> Files.exists(begun));
    running
        .process()
        .descendants()
        .filter(TrainIT::isExecutor)
        .findFirst()
        .orElseThrow()
        .destroyForcibly();
    Run run = Expect.done(running.end());

    assertTrue(run.err().contains("in 2 parts"), run.err());
    assertSameModel(cluster);
  }

  private static Run run(Workspace workspace, String job, String... more) {
    return workspace.start(oneThread(), job, more).end();
  }

  private static Assay oneThread() {
    return Assay.built().withJavaOptions(ONE_THREAD);
  }

  private void assertSameModel(Workspace other) throws IOException {
    assertArrayEquals(losses(trained), losses(other));
    String file = "adapter_model.safetensors";
    assertArrayEquals(
        Files.readAllBytes(model(trained).resolve(file)),
        Files.readAllBytes(model(other).resolve(file)));
  }

  private static boolean isExecutor(ProcessHandle process) {
    return process
        .info()
        .commandLine()
        .filter(line -> line.contains("CoarseGrainedExecutorBackend"))
        .isPresent();
  }

  private static Path model(Workspace workspace) {
    return workspace.folder().resolve("models/embedder");
  }

  /** Of each step, in order; each step is there once. */
  private static double[] losses(Workspace workspace) throws IOException {
    List<JsonObject> steps =
        Files.readAllLines(model(workspace).resolve("metrics.jsonl")).stream()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .toList();
    assertEquals(
        IntStream.rangeClosed(1, STEPS).boxed().toList(),
        steps.stream().map(step -> step.get("step").getAsInt()).toList());
    return steps.stream().mapToDouble(step -> step.get("loss").getAsDouble()).toArray();
  }
}
