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
import dev.assay.job.train.memory.MemoryNeed.Kept;
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

  private static final ModelSize FULL = new ModelSize(0, 2 * GIB, GIB / 4, GIB / 16, 0, DECODER);

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
              0,
              null)) {
        long numbers = model.parameters().stream().mapToLong(Parameter::size).sum();
        ModelSize size = ModelSize.of(TINY, tuning, false);
        assertEquals(numbers, size.trained());
      }
    }
  }

  @Test
  void withGradientsInMemoryAnExecutorNeedsTwiceTheWeightsInFloat32() {
    MemoryNeed need = need(FULL, Kept.IN_SHARDS, 4, 24 * GIB, 4 * GIB);
    assertEquals(8 * GIB, need.weights());
    assertEquals(8 * GIB, need.gradients());
    assertEquals(9 * GIB, need.shards());
    assertTrue(need.line().contains("weights 8.0, gradients 8.0"), need.line());
    assertTrue(need.line().contains("9.0 GiB of heap or disk for the optimizer"), need.line());
  }

  @Test
  void withGradientsOnDiskAnExecutorNeedsTheWeightsAndTheGradientsOfALayer() {
    MemoryNeed need = need(FULL, Kept.IN_SHARDS_AND_FILES, 2, 24 * GIB, 4 * GIB);
    assertEquals(4 * GIB, need.weights());
    assertEquals(GIB / 4, need.gradients());
    assertTrue(need.line().contains("8.0 GiB of disk for gradients"), need.line());
    assertTrue(need.line().contains("(in all about 10.0 GiB with its heap of 4.0)"), need.line());
  }

  @Test
  void theHeapHoldsAShardHoweverLargeATensorIsAndTheDriverOneTensor() {
    MemoryNeed need = need(FULL, Kept.IN_SHARDS, 4, 24 * GIB, 4 * GIB);
    long shard = 4L * ((1 << 24) + (1 << 18));
    assertEquals(8 * shard, need.executorHeap());
    assertEquals(GIB + shard, need.driverHeap());
  }

  @Test
  void recomputedActivationsAreFewer() {
    ModelSize size = new ModelSize(0, 1, 1, 1, 0, DECODER);
    Machine machine = new Machine(GIB, GIB, false, 4);
    long kept =
        new MemoryNeed(size, machine, 1, Kept.IN_SHARDS, new MemoryNeed.Pass(4096, false))
            .activations();
    long recomputed =
        new MemoryNeed(size, machine, 1, Kept.IN_SHARDS, new MemoryNeed.Pass(4096, true))
            .activations();
    assertTrue(recomputed < kept / 10, recomputed + " and " + kept);
  }

  @Test
  void whatCannotFitIsRefusedWithTheSettingAndTheWayOut() {
    assertRefused(
        "weights and gradients need 16.0 GiB of memory on each executor, which has 12.0 GiB; set"
            + " k.full.gradients = disk, or set k.method = lora, or name fewer tensors in"
            + " k.full.tensors",
        need(FULL, Kept.IN_SHARDS, 4, 12 * GIB, 64 * GIB));
    assertRefused(
        "which has 2.0 GiB; set k.method = lora, or name fewer tensors in k.full.tensors",
        need(FULL, Kept.IN_SHARDS_AND_FILES, 2, 2 * GIB, 64 * GIB));
    assertRefused(
        "an executor needs at least 0.5 GiB of heap and has 0.3 GiB; raise spark.executor.memory,"
            + " or leave the largest tensor out of k.full.tensors",
        need(FULL, Kept.IN_SHARDS, 4, 24 * GIB, GIB / 4));
    assertRefused(
        "the driver needs at least 16.0 GiB of heap and has 2.0 GiB; raise ASSAY_MEMORY, or lower"
            + " k.lora.rank",
        need(new ModelSize(GIB, GIB, GIB, GIB, 0, DECODER), Kept.ON_DRIVER, 4, 64 * GIB, 64 * GIB));
    need(FULL, Kept.IN_SHARDS, 4, 24 * GIB, GIB).check("k", 2 * GIB);
  }

  private static MemoryNeed need(
      ModelSize size, Kept kept, int numberBytes, long memory, long heap) {
    Machine machine = new Machine(heap, memory, false, numberBytes);
    return new MemoryNeed(size, machine, 8, kept, new MemoryNeed.Pass(4096, true));
  }

  private static void assertRefused(String why, MemoryNeed need) {
    SettingsException e = assertThrows(SettingsException.class, () -> need.check("k", 2 * GIB));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
