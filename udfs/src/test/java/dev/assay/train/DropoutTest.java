package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.djl.Device;
import dev.assay.Fixtures;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.TargetModules;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.model.training.Tuning;
import dev.assay.train.loss.OwnNegatives;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Dropout is a function of the seed alone, and differs between steps, parts and layers. */
final class DropoutTest {
  private static final ContrastiveExample EXAMPLE =
      new ContrastiveExample(
          new Item("a large red circle", null),
          new Item("a small red square", null),
          List.of(new Item("two dogs run over wet sand", null), new Item("a table", null)),
          new float[] {1, 0.2f, 0.1f});

  private static final int ONE_PASS = 1 << 20;

  @Test
  void theSameSeedLeavesOutTheSame() {
    Gradients first = gradients(0.3, ONE_PASS, false, 5);
    assertEqual(first, gradients(0.3, ONE_PASS, false, 5), 0);
  }

  @Test
  void anotherSeedLeavesOutOthers() {
    Gradients first = gradients(0.3, ONE_PASS, false, 5);
    assertFalse(Arrays.deepEquals(first.values(), gradients(0.3, ONE_PASS, false, 6).values()));
  }

  @Test
  void whatIsComputedAgainOnTheWayBackLeavesOutTheSame() {
    assertEqual(gradients(0.3, ONE_PASS, false, 5), gradients(0.3, ONE_PASS, true, 5), 1e-6);
  }

  @Test
  void cachedGradientsLeaveOutTheSameAsOtherPassesOfTheSameCuts() {
    // Four passes, each run without a graph, and then again with one.
    assertEqual(gradients(0.3, 1, false, 5), gradients(0.3, 1, true, 5), 1e-6);
  }

  @Test
  void theSecondPartDoesNotDropWhatTheNextSeedsFirstPartDrops() {
    double first = gradients(0.3, 1, false, 5).loss();
    double next = gradients(0.3, 1, false, 6).loss();
    double both = gradients(0.3, 1, false, 5, EXAMPLE, EXAMPLE).loss();
    assertNotEquals(first + next, both, 1e-9);
  }

  @Test
  void itIsTheWholeModelOnAverage() {
    double whole = gradients(0, ONE_PASS, false, 0).loss();
    double mean =
        IntStream.range(0, 60)
            .mapToDouble(seed -> gradients(0.05, ONE_PASS, false, seed).loss())
            .average()
            .orElseThrow();
    assertEquals(whole, mean, 0.1 * whole);
  }

  private static void assertEqual(Gradients expected, Gradients ours, double tolerance) {
    assertEquals(expected.loss(), ours.loss(), tolerance);
    for (int p = 0; p < expected.values().length; p++) {
      assertArrayEquals(expected.values()[p], ours.values()[p], (float) tolerance);
    }
  }

  private static Gradients gradients(double dropout, int maxTokens, boolean recompute, long seed) {
    return gradients(dropout, maxTokens, recompute, seed, EXAMPLE);
  }

  private static Gradients gradients(
      double dropout, int maxTokens, boolean recompute, long seed, ContrastiveExample... examples) {
    LoraConfig lora =
        new LoraConfig(4, 8, dropout, TargetModules.named(List.of("q_proj", "down_proj")), false);
    try (EmbedderReplica replica =
        EmbedderReplica.load(
            Fixtures.checkpoint("qwen2-vl"),
            Device.cpu(),
            Precision.FLOAT32,
            new Tuning.Lora(lora),
            0,
            new ReplicaOptions(1 << 20, maxTokens, recompute, ReplicaOptions.EACH_ALONE),
            new OwnNegatives(0.1))) {
      float[][] values = replica.initialValues();
      SplittableRandom random = new SplittableRandom(1);
      for (float[] value : values) {
        for (int i = 0; i < value.length; i++) {
          value[i] = (float) (0.1 * random.nextGaussian()); // B begins as zeros
        }
      }
      return replica.gradients(values, List.of(examples), seed);
    }
  }
}
