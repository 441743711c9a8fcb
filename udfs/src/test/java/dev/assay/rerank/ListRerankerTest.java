package dev.assay.rerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probabilities of candidates against transformers', and against a slow twin. */
class ListRerankerTest {
  private static final double EXACT = 1e-4;

  /** Where an image was resized, a pixel may be off by one step of 255. */
  private static final double RESIZED = 1e-3;

  private static final String[] IMAGES = {"exact.png", "exact-wide.png", "exact-large.png"};
  private static final String[] WORDS = {
    "red", "circle", "圆", "é", "🙂", "(2) ", "Yes", "\n", "12"
  };

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested"})
  void probabilitiesEqualTransformersInPassesOfAnyLength(String checkpoint) {
    int compared = 0;
    try (LoadedCheckpoint loaded = Fixtures.load(checkpoint, Precision.FLOAT32);
        ListReranker reranker = reranker(loaded)) {
      for (JsonNode list : Fixtures.json("rerank-" + checkpoint + ".json").get("lists")) {
        Item query = Fixtures.item(list.get("query"));
        List<Item> candidates = new ArrayList<>();
        list.get("candidates").forEach(node -> candidates.add(Fixtures.item(node)));
        for (int maxTokens : new int[] {2048, 100, 7}) {
          float[] probabilities = reranker.rank(query, candidates, maxTokens);

          assertEquals(1, sum(probabilities), 1e-5);
          for (int i = 0; i < probabilities.length; i++) {
            assertEquals(
                list.get("probabilities").get(i).asDouble(),
                probabilities[i],
                list.get("resized").asBoolean() ? RESIZED : EXACT,
                list.get("name").asText() + ", candidate " + (i + 1) + ", " + maxTokens);
          }
          compared++;
        }
      }
    }
    assertTrue(compared >= 24, "compared " + compared);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl"})
  void theTreeOfNumbersGivesWhatEachNumberAloneWouldGive(String checkpoint) {
    Random random = new Random(17);
    try (LoadedCheckpoint loaded = Fixtures.load(checkpoint, Precision.FLOAT32);
        ListReranker reranker = reranker(loaded);
        EachNumberAlone twin = new EachNumberAlone(checkpoint)) {
      for (int count : new int[] {2, 3, 9, 11, 14}) {
        List<Item> candidates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          candidates.add(item(random));
        }
        Item query = item(random);

        float[] probabilities = reranker.rank(query, candidates, 40 + random.nextInt(200));

        assertArrayEquals(twin.rank(query, candidates), probabilities, (float) EXACT);
      }
    }
  }

  @Test
  void probabilitiesInBfloat16AreNearThoseInFloat32() {
    try (LoadedCheckpoint inFloat32 = Fixtures.load("qwen2-vl", Precision.FLOAT32);
        LoadedCheckpoint inBfloat16 = Fixtures.load("qwen2-vl", Precision.BFLOAT16);
        ListReranker exact = reranker(inFloat32);
        ListReranker coarse = reranker(inBfloat16)) {
      for (JsonNode list : Fixtures.json("rerank-qwen2-vl.json").get("lists")) {
        Item query = Fixtures.item(list.get("query"));
        List<Item> candidates = new ArrayList<>();
        list.get("candidates").forEach(node -> candidates.add(Fixtures.item(node)));

        float[] rounded = coarse.rank(query, candidates);

        assertEquals(1, sum(rounded), 1e-5);
        assertArrayEquals(exact.rank(query, candidates), rounded, 0.1f);
      }
    }
  }

  @Test
  void oneCandidateHasProbabilityOneAndNoneHasNone() {
    try (LoadedCheckpoint loaded = Fixtures.load("qwen2-vl", Precision.FLOAT32);
        ListReranker reranker = reranker(loaded)) {
      Item query = new Item("a star", null);

      assertArrayEquals(new float[] {1}, reranker.rank(query, List.of(query)));
      assertArrayEquals(new float[0], reranker.rank(query, List.of()));
      List<Item> many = Collections.nCopies(ListPrompt.MAX_CANDIDATES + 1, query);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> reranker.rank(query, many));
      assertEquals("Cannot rank 1001 candidates at once: at most 1000", e.getMessage());
    }
  }

  @Test
  void anImageGoesThroughTheVisionTowerOnceATaskUnlessItIsReleased() {
    Item query = new Item("a", image("exact.png"));
    List<Item> candidates =
        List.of(
            new Item(null, image("exact-wide.png")),
            new Item("b", null),
            new Item("c", image("exact-wide.png")),
            new Item("d", image("exact.png")));
    try (LoadedCheckpoint loaded = Fixtures.load("qwen2-vl", Precision.FLOAT32);
        ListReranker other = reranker(loaded);
        ListReranker task = reranker(loaded)) {
      candidates.forEach(task::prepare);
      float[] before = task.rank(query, candidates);
      task.rank(candidates.get(0), List.of(query, candidates.get(3)));

      assertEquals(2, task.imagesEncoded());
      assertEquals(0, other.imagesEncoded());
      assertTrue(task.release());
      assertFalse(task.release());
      assertArrayEquals(before, task.rank(query, candidates), (float) EXACT);
      assertEquals(4, task.imagesEncoded());
    }
  }

  private static ListReranker reranker(LoadedCheckpoint loaded) {
    return new ListReranker(loaded, ListPrompt.INSTRUCTION, Limits.defaults());
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private static Item item(Random random) {
    StringBuilder text = new StringBuilder("a");
    for (int words = random.nextInt(12); words > 0; words--) {
      text.append(random.nextBoolean() ? " " : "").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return new Item(
        text.toString(),
        random.nextInt(3) == 0 ? image(IMAGES[random.nextInt(IMAGES.length)]) : null);
  }

  private static EncodedImage image(String name) {
    return new EncodedImage(name, Fixtures.bytes("images/" + name));
  }
}
