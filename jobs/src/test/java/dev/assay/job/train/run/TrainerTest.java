package dev.assay.job.train.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.TestFolders;
import dev.assay.job.TestSpark;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.train.step.BatchGradients;
import dev.assay.train.Gradients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  @TempDir static Path common;
  @TempDir Path folder;

  /** A run that nothing disturbed, which several tests compare with; its folder is not changed. */
  private static TestRun whole;

  private static TrainingState expected;

  @BeforeAll
  static void runUndisturbed() {
    whole = TestRun.in(common);
    expected = whole.run(TestSpark.session());
  }

  /** Stands for the loss of the driver's machine. */
  private static final class Gone extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void anyNumberOfPartsGivesTheSameSteps() {
    TestRun one = TestRun.in(folder.resolve("one")).withNoise(0).withParts(1);
    float[][] expected = one.run(TestSpark.session()).values();
    for (int parts : new int[] {2, 3, 8, 20}) {
      TestRun cut = TestRun.in(folder.resolve("parts" + parts)).withNoise(0).withParts(parts);
      float[][] values = cut.run(TestSpark.session()).values();
      for (int p = 0; p < values.length; p++) {
        assertArrayEquals(expected[p], values[p], 1e-5f, parts + " parts");
      }
    }
  }

  @Test
  void theSamePartsGiveTheSameBits() {
    float[][] again = TestRun.in(folder).run(TestSpark.session()).values();
    assertTrue(Arrays.deepEquals(expected.values(), again));
  }

  @Test
  void theLossFalls() {
    TestRun run = TestRun.in(folder).withNoise(0).withSteps(40);
    run.run(TestSpark.session());
    List<StepMetrics> steps = run.runFolder().metrics(40).steps();
    double before = steps.subList(0, 3).stream().mapToDouble(StepMetrics::loss).average().orElse(0);
    double after =
        steps.subList(37, 40).stream().mapToDouble(StepMetrics::loss).average().orElse(0);
    assertTrue(after < 0.7 * before, before + " to " + after);
  }

  @Test
  void aRunKilledBetweenStepsOrWithinOneEndsWithTheSameBits() throws IOException {
    for (long at : new long[] {1, 4, 5}) {
      for (boolean before : new boolean[] {true, false}) {
        TestRun killed = TestRun.in(folder.resolve("killed" + at + before));
        assertThrows(
            Gone.class,
            () -> killed.with(inner -> dying(inner, at, before)).run(TestSpark.session()));
        TrainingState state = killed.run(TestSpark.session());

        assertTrue(Arrays.deepEquals(expected.values(), state.values()));
        assertTrue(Arrays.deepEquals(expected.optimizer().squares(), state.optimizer().squares()));
        assertEquals(expected.position(), state.position());
        assertEachStepOnce(killed, 7);
      }
    }
  }

  /** Dies before a step's gradients are asked for, or when they are there. */
  private static BatchGradients<LeastSquares.Row> dying(
      BatchGradients<LeastSquares.Row> inner, long at, boolean before) {
    return new Around(inner) {
      @Override
      public Gradients of(float[][] values, List<LeastSquares.Row> batch, long step) {
        if (step == at && before) {
          throw new Gone();
        }
        Gradients gradients = super.of(values, batch, step);
        if (step == at) {
          throw new Gone();
        }
        return gradients;
      }
    };
  }

  private static class Around implements BatchGradients<LeastSquares.Row> {
    private final BatchGradients<LeastSquares.Row> inner;

    Around(BatchGradients<LeastSquares.Row> inner) {
      this.inner = inner;
    }

    @Override
    public Gradients of(float[][] values, List<LeastSquares.Row> batch, long step) {
      return inner.of(values, batch, step);
    }

    @Override
    public List<LeastSquares.Row> notFinite(
        float[][] values, List<LeastSquares.Row> batch, long step) {
      return inner.notFinite(values, batch, step);
    }
  }

  private static void assertEachStepOnce(TestRun run, long steps) throws IOException {
    List<StepMetrics> written = run.runFolder().metrics(Long.MAX_VALUE).steps();
    assertArrayEquals(
        LongStream.rangeClosed(1, steps).toArray(),
        written.stream().mapToLong(StepMetrics::step).toArray());
    assertEquals(steps, Files.readAllLines(run.folder().resolve("metrics.jsonl")).size());
    assertTrue(written.stream().allMatch(step -> step.examplesPerSecond() > 0));
    assertEquals(0.05, written.get(2).learningRate(), 1e-12); // after two steps of warm-up
    assertEquals(1, written.get(0).epoch());
    assertEquals(3, written.get(6).epoch()); // three batches an epoch
  }

  @Test
  void shardsOnExecutorsAreTrainedToTheSameBits() throws IOException {
    TestRun run = TestRun.in(folder).inShards();
    TrainingState state = run.run(TestSpark.session());

    assertTrue(Arrays.deepEquals(expected.values(), state.values()));
    assertTrue(Arrays.deepEquals(expected.optimizer().means(), state.optimizer().means()));
    assertTrue(Arrays.deepEquals(expected.optimizer().squares(), state.optimizer().squares()));
    List<StepMetrics> steps = run.runFolder().metrics(7).steps();
    assertEquals(
        whole.runFolder().metrics(7).steps().stream().map(StepMetrics::gradientNorm).toList(),
        steps.stream().map(StepMetrics::gradientNorm).toList());
    assertEquals(
        List.of(
            "model-00001-of-00003.safetensors",
            "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors",
            "model.safetensors.index.json",
            "state.json"),
        TestFolders.names(folder.resolve("step-00000007")));
  }

  @Test
  void aRunInShardsThatWasStoppedGoesOnToTheSameBits() {
    TestRun run = TestRun.in(folder).inShards();
    int third = run.rowAt(0, 2 * TestRun.BATCH);
    TestRun stopped = run.withRow(third, new LeastSquares.Row("bad", null, true));
    JobFailedException e =
        assertThrows(JobFailedException.class, () -> stopped.run(TestSpark.session()));
    assertTrue(e.getMessage().contains("step 3: its loss is not finite, because of bad"));
    assertEquals(2, run.runFolder().last().orElseThrow().point().steps());

    TrainingState state = run.run(TestSpark.session());

    assertTrue(Arrays.deepEquals(expected.values(), state.values()));
    assertTrue(Arrays.deepEquals(expected.optimizer().squares(), state.optimizer().squares()));
    assertTrue(TestSpark.session().sparkContext().getPersistentRDDs().isEmpty(), "blocks stay");
  }

  @Test
  void onlyTheLastCheckpointIsKept() throws IOException {
    try (var files = Files.list(common)) {
      assertEquals(
          List.of("metrics.jsonl", "step-00000007"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void anUnfinishedCheckpointIsIgnored() throws IOException {
    Path kept = Files.createDirectory(folder.resolve("step-00000007"));
    for (String file : List.of("model.safetensors", "state.json")) {
      Files.copy(common.resolve("step-00000007").resolve(file), kept.resolve(file));
    }
    Path half = Files.createDirectory(folder.resolve("step-00000009"));
    Files.writeString(half.resolve("model.safetensors"), "half");

    TestRun run = TestRun.in(folder);
    TrainingState restored = run.runFolder().restore().orElseThrow();
    assertEquals(7, restored.steps());
    assertTrue(Arrays.deepEquals(expected.values(), restored.values()));
  }

  @Test
  void theCheckpointOfAnotherRunIsNotGoneOnWith() {
    assertTrue(whole.runFolder().restore().isPresent());
    assertFalse(whole.runFolder("another run").restore().isPresent());
  }

  @Test
  void aStepThatIsNotFiniteIsRefusedAndItsExamplesNamed() {
    TestRun run =
        TestRun.in(folder)
            .withRow(3, new LeastSquares.Row("bad3", null, true))
            .withRow(17, new LeastSquares.Row("bad17", null, true));
    JobFailedException e =
        assertThrows(JobFailedException.class, () -> run.run(TestSpark.session()));
    assertTrue(
        e.getMessage().matches("Cannot do step \\d: its loss is not finite, because of bad\\d+.*"),
        e.getMessage());
    long step = e.getMessage().charAt("Cannot do step ".length()) - '0';
    List<StepMetrics> kept = run.runFolder().metrics(Long.MAX_VALUE).steps();
    assertTrue(kept.size() < step, kept.toString());
  }

  @Test
  void aStepIsRepeatedWhereExecutorsWereLost() {
    TestRun run = TestRun.in(folder);
    int[] failures = {0};
    TrainingState state =
        run.with(
                inner ->
                    new Around(inner) {
                      @Override
                      public Gradients of(
                          float[][] values, List<LeastSquares.Row> batch, long step) {
                        if (step == 4 && failures[0]++ < 2) {
                          sneak(
                              new SparkException("Job aborted: ExecutorLostFailure (executor 1)"));
                        }
                        return super.of(values, batch, step);
                      }
                    })
            .run(TestSpark.session());
    assertEquals(3, failures[0]);
    assertTrue(run.lines().contains("step 5 is repeated, executors were lost"), run.lines());
    assertTrue(Arrays.deepEquals(expected.values(), state.values()));
  }

  @Test
  void aStepThatFailsOfItselfIsNotRepeated() {
    int[] tries = {0};
    JobFailedException e =
        assertThrows(
            JobFailedException.class,
            () ->
                TestRun.in(folder)
                    .with(
                        inner ->
                            new Around(inner) {
                              @Override
                              public Gradients of(
                                  float[][] values, List<LeastSquares.Row> batch, long step) {
                                tries[0]++;
                                throw new IllegalStateException("no memory\nat native");
                              }
                            })
                    .run(TestSpark.session()));
    assertEquals(1, tries[0]);
    assertEquals("Cannot do step 1: IllegalStateException: no memory", e.getMessage());
  }

  @SuppressWarnings("unchecked") // Scala throws checked exceptions without saying so
  private static <X extends Throwable> void sneak(Throwable e) throws X {
    throw (X) e;
  }
}
