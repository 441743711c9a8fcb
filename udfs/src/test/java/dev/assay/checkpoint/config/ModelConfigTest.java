package dev.assay.checkpoint.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A {@code config.json} means to Assay what it means to transformers' configuration classes. */
class ModelConfigTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode REFERENCE = Fixtures.json("config-defaults.json");

  @TempDir Path folder;

  @Test
  void everyKeyThatIsLeftOutHasTransformersDefault() throws IOException {
    int cases = 0;
    for (JsonNode test : REFERENCE.get("cases")) {
      Family family = family(test);
      ObjectNode config = base(family, test.get("base").asText());
      test.get("without").forEach(path -> parent(config, path).remove(last(path)));
      test.get("with").forEach(edit -> set(config, edit.get(0), edit.get(1)));
      ObjectNode expected = REFERENCE.get("whole").get(family.modelType()).deepCopy();
      expected.setAll((ObjectNode) test.get("different"));

      assertEquals(normal(expected), normal(read(family, config)), test::toString);
      cases++;
    }
    assertTrue(cases > 100);
  }

  @ParameterizedTest
  @EnumSource
  void aWholeFileIsReadFlatAndNested(Family family) throws IOException {
    for (String base : new String[] {"flat", "nested"}) {
      write(base(family, base));
      ModelConfig config = ModelConfig.of(open());

      assertEquals(family, config.family());
      assertEquals(64, config.decoder().hidden());
      assertEquals(502, config.imageToken());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hidden_act | \"gelu\" | hidden_act is \"gelu\", Assay supports silu",
        "use_sliding_window | true | use_sliding_window is true, Assay supports false",
        "layer_types | [\"full_attention\", \"sliding_attention\"] | layer_types is",
        "rope_scaling.type | \"yarn\" | rope_scaling.type is \"yarn\", Assay supports mrope",
        "rope_scaling.rope_type | \"linear\" | rope_scaling.rope_type is \"linear\"",
        "head_dim | 32 | head_dim is 32",
        "quantization_config | {\"quant_method\": \"fp8\"} | quantization_config is",
        "transformers_weights | \"other.safetensors\" | transformers_weights is",
        "vision_config.hidden_act | \"relu\" | vision_config.hidden_act is \"relu\"",
        "vision_config.rope_parameters | {\"rope_theta\": 5000.0} | rope_theta is 5000.0",
        "vision_config.depth | 2.5 | vision_config.depth is 2.5, not a positive whole number",
        "vision_config.patch_size | [7, 7] | vision_config.patch_size is [7,7]",
        "vision_config | [] | vision_config is [], not an object",
        "hidden_size | null | hidden_size is null, not a positive whole number",
        "hidden_size | \"64\" | hidden_size is \"64\"",
        "rms_norm_eps | 0 | rms_norm_eps is 0, not a positive number",
        "tie_word_embeddings | \"no\" | tie_word_embeddings is \"no\", not true or false",
        "image_token_id | -1 | image_token_id is -1, not a token id",
        "rope_scaling.mrope_section | [2, 3] | mrope_section [2, 3] does not add up",
      })
  void aValueThatCannotBeHonouredIsRefusedByName(String key, String value, String why)
      throws IOException {
    for (Family family : Family.values()) {
      ObjectNode config = base(family, "flat");
      config.put("max_window_layers", 2);
      set(config, JSON.valueToTree(key.split("\\.")), JSON.readTree(value));
      write(config);

      assertRefused(why);
    }
  }

  @Test
  void fullAttentionBlocksThatAreNoListAreRefused() throws IOException {
    ObjectNode config = base(Family.QWEN2_5_VL, "nested");
    parent(config, JSON.valueToTree(new String[] {"vision_config", "x"}))
        .putNull("fullatt_block_indexes");
    write(config);

    assertRefused("vision_config.fullatt_block_indexes is null");
  }

  private ObjectNode read(Family family, ObjectNode config) throws IOException {
    write(config);
    ModelConfigReader reader = new ModelConfigReader(open());
    ObjectNode read = JSON.valueToTree(reader.decoder());
    read.remove("headWidth");
    ObjectNode vision = JSON.valueToTree(reader.vision(family));
    ArrayNode full = JSON.createArrayNode();
    new TreeSet<>(reader.vision(family).fullAttention()).forEach(full::add);
    vision.set("fullAttention", full);
    read.put("imageToken", reader.imageToken()).put("visionStartToken", reader.visionStartToken());
    read.put("normEpsilon", Double.parseDouble(Float.toString(reader.decoder().normEpsilon())));
    read.set("vision", vision);
    return read;
  }

  /** The same text for the same numbers, whatever Java type they were read into. */
  private static String normal(ObjectNode values) throws IOException {
    return JSON.readTree(JSON.writeValueAsString(JSON.treeToValue(values, java.util.TreeMap.class)))
        .toString();
  }

  private static Family family(JsonNode test) {
    return test.get("family").asText().equals("qwen2_vl") ? Family.QWEN2_VL : Family.QWEN2_5_VL;
  }

  private static ObjectNode base(Family family, String name) {
    return REFERENCE.get("bases").get(family.modelType()).get(name).deepCopy();
  }

  private static void set(ObjectNode config, JsonNode path, JsonNode value) {
    parent(config, path).set(last(path), value);
  }

  private static ObjectNode parent(ObjectNode config, JsonNode path) {
    ObjectNode part = config;
    for (int i = 0; i + 1 < path.size(); i++) {
      part = (ObjectNode) part.get(path.get(i).asText());
    }
    return part;
  }

  private static String last(JsonNode path) {
    return path.get(path.size() - 1).asText();
  }

  private void write(ObjectNode config) throws IOException {
    Files.write(folder.resolve("config.json"), JSON.writeValueAsBytes(config));
  }

  private CheckpointFolder open() {
    return CheckpointFolder.open(folder.toString(), new Configuration());
  }

  private void assertRefused(String why) {
    CheckpointException refusal =
        assertThrows(CheckpointException.class, () -> ModelConfig.of(open()));
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
  }
}
