package dev.assay.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.Fixtures;
import dev.assay.item.EncodedImage;
import dev.assay.model.Past;
import dev.assay.model.Precision;
import dev.assay.model.features.TaskMemory;
import dev.assay.model.tokens.Segment;
import dev.assay.prompt.Part;
import dev.assay.prompt.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task keeps counts against its memory, and how much that is does not change results. */
class ModelSessionMemoryTest {
  private static final EncodedImage SHARED = image("exact.png");
  private static final List<EncodedImage> OTHERS =
      List.of(image("small.png"), image("tall.png"), image("wide.png"), image("gray.png"));

  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 16, 1 << 18})
  void resultsDoNotDependOnTheMemoryOfATask(long limit) {
    try (LoadedCheckpoint checkpoint =
        LoadedCheckpoint.load(Fixtures.checkpoint("qwen2.5-vl"), Device.cpu(), Precision.FLOAT32)) {
      TaskMemory plenty = new TaskMemory(1L << 30);
      TaskMemory little = new TaskMemory(limit);
      assertArrayEquals(hidden(checkpoint, plenty), hidden(checkpoint, little), 1e-5f);
      assertTrue(plenty.peak() > limit, "the limit of " + limit + " is above " + plenty.peak());
      assertTrue(little.peak() < plenty.peak(), little.peak() + " of " + plenty.peak());
      assertEquals(0, plenty.used());
      assertEquals(0, little.used());
    }
  }

  /** The hidden states of prompts that share an image, each with an image of its own. */
  private static float[] hidden(LoadedCheckpoint checkpoint, TaskMemory memory) {
    try (ModelSession session = new ModelSession(checkpoint, Limits.defaults(), memory);
        NDManager scope = session.model().newScope()) {
      OTHERS.forEach(session.images()::grid);
      List<TokenSequence> prompts = new ArrayList<>();
      for (EncodedImage other : OTHERS) {
        List<Part> parts = List.of(new Part.Image(SHARED), new Part.Image(other));
        prompts.add(session.encoder().plain(parts, session.images()::grid));
      }
      int common = prompts.get(0).images().get(1).start();
      try (Past past = session.past(scope, new Segment(prompts.get(0), 0, common), null)) {
        assertEquals(common, past.length());
        assertTrue(memory.used() >= session.model().pastBytes(common), "the past counts");
        List<Segment> ends =
            prompts.stream().map(tokens -> new Segment(tokens, common, tokens.length())).toList();
        float[] all = new float[0];
        for (Segment end : ends) {
          NDArray hidden = session.lastHidden(scope, List.of(end), past);
          all = joined(all, hidden.toFloatArray());
        }
        return all;
      }
    }
  }

  private static float[] joined(float[] first, float[] second) {
    float[] both = new float[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static EncodedImage image(String name) {
    return new EncodedImage(name, Fixtures.bytes("images/" + name));
  }
}
