package dev.assay.job.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.checkpoint.adapter.PeftAdapter;
import dev.assay.job.JobRunner;
import dev.assay.job.TestSpark;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.train.data.BatchMix;
import dev.assay.job.train.run.MetricsLog;
import dev.assay.job.train.run.StepMetrics;
import dev.assay.job.workspace.Tables;
import dev.assay.train.RerankRows;
import dev.assay.train.optimizer.Schedule;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.PrecisionChoice;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainRerankerJobTest {
  @TempDir Path folder;

  @Test
  void trainsAnAdapterOnPairsAndLists() {
    TinyWorld world =
        new TinyWorld(folder)
            .query("q1", "a red car", null)
            .query("q2", null, "small.png")
            .candidate("c1", "a car that is red", null)
            .candidate("c2", "a blue bicycle", null)
            .candidate("c3", null, "exact.png")
            .mined("q1", "c1", 0.9f, "c2=0.3", "c3=0.1")
            .mined("q2", "c3", 0.8f, "c1=0.2", "c2=0.1");
    world.write(TinyWorld.FIXTURES.resolve("images"));

    JobRunner.Outcome outcome = world.run(new TrainRerankerJob(options(2)));

    assertEquals(6, outcome.result().counts().get("steps")); // six epochs of one batch
    PeftAdapter adapter =
        PeftAdapter.open(folder.resolve("models/reranker").toString(), new Configuration());
    assertEquals(4, adapter.config().rank());
    assertEquals(6, adapter.modules().size()); // of three layers two
    List<StepMetrics> steps =
        MetricsLog.after(
                6,
                new org.apache.hadoop.fs.Path(folder.toString(), "models/reranker/metrics.jsonl"),
                new Configuration())
            .steps();
    assertTrue(steps.get(5).loss() < steps.get(0).loss(), steps.toString());
  }

  @Test
  void aDryRunTellsStepsMemoryAndTimeAtAGivenRate() {
    TinyWorld world =
        new TinyWorld(folder)
            .query("q1", "a red car", null)
            .candidate("c1", "a car that is red", null)
            .candidate("c2", "a blue bicycle", null)
            .mined("q1", "c1", 0.9f, "c2=0.3", "c2=0.2")
            .mined("q1", "c1", 0.9f, "c2=0.3", "c2=0.2");
    world.write(TinyWorld.FIXTURES.resolve("images"));
    PrintStream none = new PrintStream(PrintStream.nullOutputStream(), true);

    CostEstimate told =
        new JobRunner(TestSpark.session(), world.workspace, none, none)
            .estimate(new TrainRerankerJob(options(2)), OptionalDouble.of(4))
            .orElseThrow();

    assertTrue(told.toString().contains("6 of 2 rows"), told::toString);
    assertTrue(told.toString().contains("what=memory"), told::toString);
    assertEquals(3.0, told.seconds(), "12 rows");
    assertFalse(world.workspace.has(Tables.RERANKER_MODEL));
  }

  @Test
  void aListIsNoLongerThanWhatIsTakenOfTheNegatives() {
    SettingsException e = assertThrows(SettingsException.class, () -> options(3));
    assertEquals(
        "assay.train-reranker.list-negatives is 3, more than negatives (2)", e.getMessage());
  }

  private static TrainRerankerOptions options(int listNegatives) {
    RerankRows rows = RerankRows.defaults();
    TrainOptions common =
        new TrainOptions(
            "assay.train-reranker",
            TinyWorld.FIXTURES.resolve("qwen2-vl").toString(),
            new Tune.Lora(4, 8, 0, ".*[qv]_proj", false),
            new TrainOptions.Data(2, 2, BatchMix.MIXED, 2),
            new TrainOptions.Pace(
                new TrainOptions.Length(0, 6),
                new TrainOptions.LearningRate(
                    1e-2, Schedule.Shape.CONSTANT, WarmUp.parse("w", "0")),
                0,
                1,
                3,
                100),
            new TrainOptions.ReplicaSettings(
                DeviceChoice.CPU,
                PrecisionChoice.FLOAT32,
                1 << 20,
                4096,
                true,
                Tune.Gradients.AUTO));
    return new TrainRerankerOptions(
        common, rows.pairInstruction(), rows.listInstruction(), listNegatives);
  }
}
