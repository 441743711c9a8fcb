package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.assay.Fixtures;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.TargetModules;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.model.training.Tuning;
import dev.assay.train.loss.DistributionAlignment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gradients are a function of values, examples and seed, to the bit. */
class PureReplicaTest {
  private static final List<ContrastiveExample> FIRST =
      List.of(
          example(text("a red car"), image("small.png"), image("exact.png")),
          example(image("tall.png"), image("wide.png"), text("two of them")));

  /** Shares some images with the first, and has others. */
  private static final List<ContrastiveExample> SECOND =
      List.of(
          example(image("exact.png"), image("wide.png"), image("gray.png")),
          example(image("halves.png"), image("tall.png"), image("large.jpg")));

  @Test
  void whatWasComputedBeforeDoesNotMatter() {
    try (EmbedderReplica fresh = replica();
        EmbedderReplica used = replica()) {
      float[][] values = fresh.initialValues();
      used.gradients(other(values), FIRST, 1);
      used.embed(values, FIRST, 3);

      Gradients expected = fresh.gradients(values, SECOND, 7);
      Gradients gradients = used.gradients(values, SECOND, 7);

      assertEquals(expected.loss(), gradients.loss());
      assertTrue(Arrays.deepEquals(expected.values(), gradients.values()));
    }
  }

  private static float[][] other(float[][] values) {
    float[][] changed = Arrays.stream(values).map(float[]::clone).toArray(float[][]::new);
    Arrays.fill(changed[0], 0.05f);
    return changed;
  }

  private static EmbedderReplica replica() {
    TargetModules targets = TargetModules.named(List.of("q_proj", "v_proj"));
    return EmbedderReplica.load(
        Fixtures.checkpoint("qwen2-vl"),
        Device.cpu(),
        Precision.FLOAT32,
        new Tuning.Lora(new LoraConfig(4, 8, 0.1, targets, false)),
        3,
        new ReplicaOptions(1 << 20, 4096, true, ReplicaOptions.EACH_ALONE),
        new DistributionAlignment(0.1));
  }

  private static ContrastiveExample example(Item query, Item positive, Item negative) {
    return new ContrastiveExample(query, positive, List.of(negative), new float[] {0.9f, 0.2f});
  }

  private static Item text(String text) {
    return new Item(text, null);
  }

  private static Item image(String name) {
    return new Item(null, new EncodedImage(name, Fixtures.bytes("images/" + name)));
  }
}
