package dev.assay.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.item.Item;
import dev.assay.prompt.PromptEncoder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairTokensTest {
  private static final String CHECKPOINT = "qwen2-vl";

  private static PairTokens counting(boolean shared) {
    PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint(CHECKPOINT));
    return new PairTokens(encoder, JudgePrompt.INSTRUCTION, shared);
  }

  @Test
  void aPairAloneHasAsManyTokensAsForTransformers() {
    try (PairTokens tokens = counting(false)) {
      for (JsonNode pair : Fixtures.reference(CHECKPOINT).get("cases")) {
        Item query = Fixtures.item(pair.get("query"));
        Item candidate = Fixtures.item(pair.get("candidate"));
        boolean queryFirst = pair.get("order").asText().equals("query-first");

        float[] counts =
            queryFirst
                ? tokens.score(Order.QUERY_FIRST, query, List.of(candidate))
                : tokens.score(Order.CANDIDATE_FIRST, candidate, List.of(query));

        assertArrayEquals(new float[] {pair.get("ids").size()}, counts, pair.get("name").asText());
      }
    }
  }

  @Test
  void whatPairsShareIsCountedOnce() {
    Item query = new Item("a red circle", null);
    List<Item> words = List.of(new Item("x", null), new Item("y z", null), new Item("y x", null));
    try (PairTokens run = counting(true);
        PairTokens alone = counting(false)) {
      float[] each = alone.score(Order.QUERY_FIRST, query, words);
      float[] shared = run.score(Order.QUERY_FIRST, query, words);

      double opening = each[0] - run.score(Order.QUERY_FIRST, query, words.subList(0, 1))[0];
      double common = (sum(each) - sum(shared) - opening) / (words.size() - 1);
      assertTrue(opening > 40 && opening < common, "the opening has " + opening);
      assertEquals(Math.rint(common), common, 1e-3, "a whole number of tokens is shared");
      assertEquals(each[0] - common + (common - opening) / 3, shared[0], 1e-3);
      // All but the last word and the end of the turn.
      assertTrue(common > each[0] - 20 && common < each[0], "shared " + common);
    }
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
