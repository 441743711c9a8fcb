package dev.assay.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Margins against transformers', from items to margins. */
class JudgeParityTest {
  /** float32, where all pixels are the same. */
  private static final float EXACT = 1e-4f;

  /** float32, where an image was resized: a pixel may be off by one step of 255. */
  private static final float RESIZED = 1e-3f;

  @ParameterizedTest
  @ValueSource(
      strings = {"qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested", "qwen2-vl-bf16", "qwen2.5-vl-fp16"})
  void marginsOfPairsEqualTransformers(String checkpoint) {
    JsonNode reference = Fixtures.reference(checkpoint);
    for (Order order : Order.values()) {
      int compared = 0;
      try (LoadedCheckpoint loaded = Fixtures.load(checkpoint, Precision.FLOAT32);
          PairJudge judge = judge(loaded)) {
        for (JsonNode pair : reference.get("cases")) {
          if (order(pair) != order) {
            continue;
          }
          Item query = Fixtures.item(pair.get("query"));
          Item candidate = Fixtures.item(pair.get("candidate"));
          boolean queryFirst = order == Order.QUERY_FIRST;

          float[] margins =
              judge.score(
                  order, queryFirst ? query : candidate, List.of(queryFirst ? candidate : query));

          assertEquals(
              (float) pair.get("margin").asDouble(),
              margins[0],
              pair.get("resized").asBoolean() ? RESIZED : EXACT,
              pair.get("name").asText() + ", " + order);
          compared++;
        }
      }
      assertTrue(compared >= 5, order + ": compared " + compared);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested"})
  void aSharedSideGivesTheMarginsOfPairsJudgedAlone(String checkpoint) {
    JsonNode reference = Fixtures.reference(checkpoint);
    for (JsonNode group : reference.get("groups")) {
      try (LoadedCheckpoint loaded = Fixtures.load(checkpoint, Precision.FLOAT32);
          PairJudge judge = judge(loaded)) {
        List<Item> others = new ArrayList<>();
        group.get("others").forEach(other -> others.add(Fixtures.item(other)));

        float[] margins = judge.score(order(group), Fixtures.item(group.get("shared")), others);

        for (int i = 0; i < margins.length; i++) {
          assertEquals(
              (float) group.get("margins").get(i).asDouble(),
              margins[i],
              group.get("resized").get(i).asBoolean() ? RESIZED : EXACT,
              group.path("name").asText() + ", other " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested"})
  void bfloat16IsAsCloseToFloat32AsTransformersIs(String checkpoint) {
    double ours = 0;
    double theirs = 0;
    int n = 0;
    JsonNode reference = Fixtures.reference(checkpoint);
    for (Order order : Order.values()) {
      try (LoadedCheckpoint loaded = Fixtures.load(checkpoint, Precision.BFLOAT16);
          PairJudge judge = judge(loaded)) {
        for (JsonNode pair : reference.get("cases")) {
          if (order(pair) != order) {
            continue;
          }
          Item query = Fixtures.item(pair.get("query"));
          Item candidate = Fixtures.item(pair.get("candidate"));
          boolean queryFirst = order == Order.QUERY_FIRST;
          float margin =
              judge
                  .score(
                      order,
                      queryFirst ? query : candidate,
                      List.of(queryFirst ? candidate : query))[0];
          double exact = pair.get("margin").asDouble();
          ours += Math.pow(margin - exact, 2);
          theirs += Math.pow(pair.get("margin_bfloat16").asDouble() - exact, 2);
          n++;
        }
      }
    }
    double oursRms = Math.sqrt(ours / n);
    double theirsRms = Math.sqrt(theirs / n);
    System.out.printf(
        "%s: bfloat16 margins are off by %.4f (root mean square), transformers' by %.4f%n",
        checkpoint, oursRms, theirsRms);
    // Both round at slightly different places: the errors are alike in size, not equal.
    assertTrue(oursRms <= 1.25 * theirsRms, oursRms + " against " + theirsRms);
  }

  private static Order order(JsonNode node) {
    return node.get("order").asText().equals("query-first")
        ? Order.QUERY_FIRST
        : Order.CANDIDATE_FIRST;
  }

  private static PairJudge judge(LoadedCheckpoint loaded) {
    return new PairJudge(loaded, JudgePrompt.INSTRUCTION, Limits.defaults());
  }
}
