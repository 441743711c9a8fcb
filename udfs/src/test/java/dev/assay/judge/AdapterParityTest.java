package dev.assay.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.embed.EmbedOptions;
import dev.assay.embed.Embedder;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
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
      JudgeOptions options = JudgeOptions.defaults().withOrder(order);
      try (Judge judge =
          Judge.load(
              folder(adapter), new Configuration(), Device.cpu(), Precision.FLOAT32, options)) {
        for (JsonNode pair : Fixtures.reference(adapter).get("cases")) {
          boolean queryFirst = order == Order.QUERY_FIRST;
          if (pair.get("order").asText().equals("query-first") != queryFirst) {
            continue;
          }
          Item query = Fixtures.item(pair.get("query"));
          Item candidate = Fixtures.item(pair.get("candidate"));

          float[] margins =
              judge.judge(queryFirst ? query : candidate, List.of(queryFirst ? candidate : query));

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
    try (Embedder embedder =
        Embedder.load(
            folder(adapter),
            new Configuration(),
            Device.cpu(),
            Precision.FLOAT32,
            EmbedOptions.defaults())) {
      float[][] vectors = embedder.embed(items);

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

  private static String folder(String adapter) {
    return Fixtures.path(adapter).toString();
  }
}
