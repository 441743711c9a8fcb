package dev.assay.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.model.tokens.Segment;
import dev.assay.prompt.TokenSequence;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text alone, from the reference's token ids: nothing but the decoder can be at fault. */
class DecoderParityTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested", "qwen2-vl-bf16", "qwen2.5-vl-fp16"})
  void marginsOfTextsEqualTransformers(String checkpoint) {
    JsonNode reference = Fixtures.reference(checkpoint);
    JsonNode config = reference.get("config");
    int compared = 0;
    try (VisionLanguageModel model =
            VisionLanguageModel.load(
                Fixtures.checkpoint(checkpoint), Device.cpu(), Precision.FLOAT32);
        NDManager scope = model.newScope()) {
      NDArray rows = model.outputRows(config.get("yes_id").asLong(), config.get("no_id").asLong());
      NDArray direction = rows.get(0).sub(rows.get(1));
      for (JsonNode pair : reference.get("cases")) {
        if (!pair.get("images").isEmpty()) {
          continue;
        }
        NDArray hidden =
            model.lastHidden(scope, List.of(Segment.whole(tokens(pair))), null, image -> null);
        float margin = hidden.get(0).dot(direction).getFloat();
        assertEquals(
            (float) pair.get("margin").asDouble(), margin, 1e-4f, pair.get("name").asText());
        compared++;
      }
    }
    assertTrue(compared > 5, "compared " + compared);
  }

  private static TokenSequence tokens(JsonNode pair) {
    int n = pair.get("ids").size();
    long[] ids = new long[n];
    int[][] positions = new int[3][n];
    for (int i = 0; i < n; i++) {
      ids[i] = pair.get("ids").get(i).asLong();
      for (int axis = 0; axis < 3; axis++) {
        positions[axis][i] = pair.get("positions").get(axis).get(i).asInt();
      }
    }
    return new TokenSequence(ids, positions, List.of());
  }
}
