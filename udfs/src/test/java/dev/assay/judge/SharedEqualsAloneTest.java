package dev.assay.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.Fixtures;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is shared, and what is packed beside it, must not be seen in any margin. */
class SharedEqualsAloneTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int ROUNDS = 8;
  private static final String[] IMAGES = {
    "wide.png", "tall.png", "small.png", "large.jpg", "exact.png", "exact-wide.png", "alpha.png"
  };
  private static final String[] WORDS = {
    "a",
    "red",
    "circle",
    "left of",
    "Kreis",
    "圆",
    "é",
    "🙂",
    "Yes",
    "No",
    "\n",
    " ",
    "Candidate:",
    "42"
  };

  @ParameterizedTest
  @CsvSource({
    "qwen2-vl, QUERY_FIRST",
    "qwen2-vl, CANDIDATE_FIRST",
    "qwen2.5-vl, QUERY_FIRST",
    "qwen2.5-vl, CANDIDATE_FIRST"
  })
  void packedMarginsEqualMarginsOfPairsJudgedAlone(String checkpoint, Order order) {
    Random random = new Random(7);
    for (int maxTokens : new int[] {1, 150, 1024}) {
      Limits limits = Limits.defaults().withMaxTokens(maxTokens);
      try (LoadedCheckpoint loaded = Fixtures.load(checkpoint, Precision.FLOAT32);
          PairJudge judge = new PairJudge(loaded, JudgePrompt.INSTRUCTION, limits)) {
        for (int round = 0; round < ROUNDS; round++) {
          Item shared = item(random);
          List<Item> others = new ArrayList<>();
          int count = 2 + random.nextInt(7);
          for (int i = 0; i < count; i++) {
            others.add(random.nextInt(6) == 0 && i > 0 ? others.get(i - 1) : item(random));
          }

          float[] packed = judge.score(order, shared, others);

          for (int i = 0; i < count; i++) {
            float alone = judge.score(order, shared, List.of(others.get(i)))[0];
            assertEquals(alone, packed[i], TOLERANCE, shared + " with " + others.get(i));
          }
        }
      }
    }
  }

  @Test
  void anImageGoesThroughTheVisionTowerOnceATaskUnlessItIsReleased() {
    Item shared = new Item("a", image("exact.png"));
    List<Item> others =
        List.of(
            new Item("b", image("exact-wide.png")),
            new Item("c", image("exact.png")),
            new Item("d", image("exact-wide.png")));
    Order order = Order.QUERY_FIRST;
    try (LoadedCheckpoint loaded = Fixtures.load("qwen2-vl", Precision.FLOAT32);
        PairJudge judge = new PairJudge(loaded, JudgePrompt.INSTRUCTION, Limits.defaults())) {
      others.forEach(judge::prepare);
      judge.score(order, shared, others);
      judge.score(Order.CANDIDATE_FIRST, others.get(0), List.of(shared));

      assertEquals(2, judge.imagesEncoded());
      float[] before = judge.score(order, shared, others);
      assertTrue(judge.release());
      assertFalse(judge.release());
      assertArrayEquals(before, judge.score(order, shared, others), TOLERANCE);
      assertEquals(4, judge.imagesEncoded());
      try (PairJudge task = new PairJudge(loaded, JudgePrompt.INSTRUCTION, Limits.defaults())) {
        assertEquals(0, task.imagesEncoded());
      }
    }
  }

  private static Item item(Random random) {
    int kind = random.nextInt(3);
    StringBuilder text = new StringBuilder();
    if (kind != 0) {
      int words = 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 8);
      for (int i = 0; i < words; i++) {
        text.append(random.nextBoolean() ? " " : "").append(WORDS[random.nextInt(WORDS.length)]);
      }
    }
    if (kind == 1) {
      return new Item(text.toString(), null);
    }
    String name = IMAGES[random.nextInt(IMAGES.length)];
    return new Item(text.toString(), image(name));
  }

  private static EncodedImage image(String name) {
    return new EncodedImage(name, Fixtures.bytes("images/" + name));
  }
}
