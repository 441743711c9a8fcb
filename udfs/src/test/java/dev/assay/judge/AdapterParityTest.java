package dev.assay.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.embed.ItemEmbedder;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A folder that PEFT saved stands wherever a checkpoint does; values against transformers + PEFT.
 */
class AdapterParityTest {
  private static final float EXACT = 1e-4f;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl-peft", "qwen2.5-vl-peft"})
  void marginsUnderAnAdapterEqualPefts(String adapter) {
    for (Order order : Order.values()) {
      int compared = 0;
      try (LoadedCheckpoint loaded = Fixtures.load(adapter, Precision.FLOAT32);
          PairJudge judge = new PairJudge(loaded, JudgePrompt.INSTRUCTION, Limits.defaults())) {
        for (JsonNode pair : Fixtures.reference(adapter).get("cases")) {
          boolean queryFirst = order == Order.QUERY_FIRST;
          if (pair.get("order").asText().equals("query-first") != queryFirst) {
            continue;
          }
          Item query = Fixtures.item(pair.get("query"));
          Item candidate = Fixtures.item(pair.get("candidate"));

          float[] margins =
              judge.score(
                  order, queryFirst ? query : candidate, List.of(queryFirst ? candidate : query));

          assertEquals(
              (float) pair.get("margin").asDouble(),
              margins[0],
              EXACT,
              pair.get("name").asText() + ", " + order);
          compared++;
        }
      }
      assertTrue(compared >= 5, order + ": compared " + compared);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl-peft", "qwen2.5-vl-peft"})
  void embeddingsUnderAnAdapterEqualPefts(String adapter) {
    JsonNode cases = Fixtures.reference(adapter).get("embeddings");
    List<Item> items = new ArrayList<>();
    cases.forEach(c -> items.add(Fixtures.item(c.get("item"))));
    try (LoadedCheckpoint loaded = Fixtures.load(adapter, Precision.FLOAT32);
        ItemEmbedder embedder = new ItemEmbedder(loaded, Limits.defaults())) {
      float[][] vectors = embedder.encode(items);

      for (int i = 0; i < vectors.length; i++) {
        for (int d = 0; d < vectors[i].length; d++) {
          assertEquals(
              (float) cases.get(i).get("embedding").get(d).asDouble(),
              vectors[i][d],
              EXACT,
              cases.get(i).get("name").asText());
        }
      }
      assertTrue(vectors.length >= 5, "compared " + vectors.length);
    }
  }
}
