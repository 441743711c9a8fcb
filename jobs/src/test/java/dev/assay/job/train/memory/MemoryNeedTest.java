package dev.assay.job.train.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.TargetModules;
import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.failure.SettingsException;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.TrainableModel;
import dev.assay.model.training.Tuning;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
  private static final long GIB = 1L << 30;
  private static final CheckpointFolder TINY =
      CheckpointFolder.open(TinyWorld.FIXTURES.resolve("qwen2-vl").toString(), new Configuration());

  /** The shape of a model of two thousand million numbers. */
  private static final DecoderConfig DECODER =
      new DecoderConfig(1536, 8960, 28, 12, 2, 151_936, 1e-6f, 1e6, List.of(16, 24, 24), true);

  @Test
  void theNumbersAreThoseOfTheParametersInTraining() {
    for (Tuning tuning :
        List.of(
            new Tuning.Full(Pattern.compile("(?!visual\\.).*")),
            new Tuning.Lora(
                new LoraConfig(4, 8, 0, TargetModules.named(List.of("q_proj", "fc1")), false)))) {
      try (TrainableModel model =
          TrainableModel.load(
              TINY,
              ai.djl.Device.cpu(),
              dev.assay.model.Precision.FLOAT32,
              tuning,
              TrainableModel.Output.HIDDEN_STATES,
              0)) {
        long numbers = model.parameters().stream().mapToLong(Parameter::size).sum();
        ModelSize size = ModelSize.of(TINY, tuning, false);
        assertEquals(numbers, size.trained());
      }
    }
  }

  @Test
  void fullTrainingNeedsTwiceTheWeightsOnAnExecutorAndNothingThatGrowsOnTheDriver() {
    MemoryNeed need = need(new ModelSize(0, 2 * GIB, GIB / 4, DECODER), true, 24 * GIB, 4 * GIB);
    assertEquals(2 * need.weights(), need.weights() + need.gradients());
    assertEquals(GIB, need.driverHeap());
    assertEquals(9 * GIB, need.shards());
    assertTrue(need.line().contains("weights 8.0, gradients 8.0"), need.line());
    assertTrue(need.line().contains("9.0 GiB of heap or disk for the optimizer"), need.line());
  }

  @Test
  void recomputedActivationsAreFewer() {
    ModelSize size = new ModelSize(0, 1, 1, DECODER);
    Machine machine = new Machine(GIB, GIB, false, 4);
    long kept =
        new MemoryNeed(size, machine, 1, true, new MemoryNeed.Pass(4096, false)).activations();
    long recomputed =
        new MemoryNeed(size, machine, 1, true, new MemoryNeed.Pass(4096, true)).activations();
    assertTrue(recomputed < kept / 10, recomputed + " and " + kept);
  }

  @Test
  void whatCannotFitIsRefusedWithTheSettingAndTheWayOut() {
    ModelSize full = new ModelSize(0, 2 * GIB, GIB / 4, DECODER);
    assertRefused(
        "weights and gradients need 16.0 GiB of memory on each executor, which has 12.0 GiB; set"
            + " k.method = lora, or name fewer tensors in k.full.tensors",
        need(full, true, 12 * GIB, 64 * GIB));
    assertRefused(
        "an executor needs at least 8.0 GiB of heap and has 4.0 GiB; raise spark.executor.memory,"
            + " or leave the largest tensor out of k.full.tensors",
        need(full, true, 24 * GIB, 4 * GIB));
    assertRefused(
        "the driver needs at least 16.0 GiB of heap and has 2.0 GiB; raise ASSAY_MEMORY, or lower"
            + " k.lora.rank",
        need(new ModelSize(GIB, GIB, GIB, DECODER), false, 64 * GIB, 64 * GIB));
    need(full, true, 24 * GIB, 9 * GIB).check("k", 2 * GIB);
  }

  private static MemoryNeed need(ModelSize size, boolean inShards, long memory, long heap) {
    Machine machine = new Machine(heap, memory, false, 4);
    return new MemoryNeed(size, machine, 8, inShards, new MemoryNeed.Pass(4096, true));
  }

  private static void assertRefused(String why, MemoryNeed need) {
    SettingsException e = assertThrows(SettingsException.class, () -> need.check("k", 2 * GIB));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
