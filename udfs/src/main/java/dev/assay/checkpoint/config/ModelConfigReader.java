package dev.assay.checkpoint.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds each number of a {@link ModelConfig} under the names it goes by. */
final class ModelConfigReader {
  private static final String FILE = "config.json";

  private final CheckpointFolder folder;
  private final JsonNode root;
  private final JsonNode text;
  private final JsonNode vision;

  ModelConfigReader(CheckpointFolder folder) {
    if (!folder.has(FILE)) {
      throw new CheckpointException("Cannot load " + folder + ": it has no " + FILE);
    }
    this.folder = folder;
    this.root = folder.json(FILE);
    this.text = root.has("text_config") ? root.get("text_config") : root;
    this.vision = root.path("vision_config");
  }

  ModelConfig read() {
    Family family = Family.of(root.path("model_type").asText(""), folder);
    DecoderConfig decoder = decoder();
    VisionConfig tower = family == Family.QWEN2_VL ? qwen2Vision() : qwen25Vision();
    check(decoder.hidden() % decoder.heads() == 0, "hidden_size", "num_attention_heads");
    check(
        decoder.heads() % decoder.keyValueHeads() == 0,
        "num_attention_heads",
        "num_key_value_heads");
    check(tower.hidden() % tower.heads() == 0, "vision hidden size", "vision num_heads");
    check(tower.headWidth() % 4 == 0, "vision head width", "4");
    if (tower.output() != decoder.hidden()) {
      throw broken(
          "the vision tower gives "
              + tower.output()
              + " numbers a token, the decoder takes "
              + decoder.hidden());
    }
    int turned = decoder.ropeSections().stream().mapToInt(Integer::intValue).sum();
    if (decoder.ropeSections().size() != 3 || turned * 2 != decoder.headWidth()) {
      throw broken(
          "mrope_section "
              + decoder.ropeSections()
              + " does not add up to half a head's width, "
              + decoder.headWidth() / 2);
    }
    return new ModelConfig(
        family, decoder, tower, token("image_token_id"), token("vision_start_token_id"));
  }

  private DecoderConfig decoder() {
    JsonNode rope =
        text.has("rope_parameters") ? text.get("rope_parameters") : text.path("rope_scaling");
    List<Integer> sections = new ArrayList<>();
    rope.path("mrope_section").forEach(section -> sections.add(section.asInt()));
    String ropeType = rope.path("rope_type").asText(rope.path("type").asText("default"));
    if (!ropeType.equals("default") && !ropeType.equals("mrope")) {
      throw broken("rope type '" + ropeType + "' is not supported; mrope is");
    }
    if (text.path("use_sliding_window").asBoolean(false)) {
      throw broken("use_sliding_window is not supported");
    }
    String activation = text.path("hidden_act").asText("silu");
    if (!activation.equals("silu")) {
      throw broken("hidden_act '" + activation + "' is not supported; silu is");
    }
    JsonNode theta = rope.has("rope_theta") ? rope.get("rope_theta") : text.path("rope_theta");
    JsonNode tied =
        root.has("tie_word_embeddings")
            ? root.get("tie_word_embeddings")
            : text.path("tie_word_embeddings");
    return new DecoderConfig(
        positive(text, "hidden_size"),
        positive(text, "intermediate_size"),
        positive(text, "num_hidden_layers"),
        positive(text, "num_attention_heads"),
        positive(text, "num_key_value_heads"),
        positive(text, "vocab_size"),
        (float) text.path("rms_norm_eps").asDouble(1e-6),
        theta.asDouble(1_000_000),
        List.copyOf(sections),
        tied.asBoolean(false));
  }

  private VisionConfig qwen2Vision() {
    int hidden = positive(vision, "embed_dim");
    activation("quick_gelu");
    return new VisionConfig(
        positive(vision, "depth"),
        hidden,
        (int) (hidden * vision.path("mlp_ratio").asDouble(4)),
        positive(vision, "hidden_size"),
        positive(vision, "num_heads"),
        channels(),
        patch(),
        vision.path("temporal_patch_size").asInt(2),
        vision.path("spatial_merge_size").asInt(2),
        0,
        Set.of());
  }

  private VisionConfig qwen25Vision() {
    activation("silu");
    Set<Integer> full = new HashSet<>();
    vision.path("fullatt_block_indexes").forEach(block -> full.add(block.asInt()));
    int window = positive(vision, "window_size");
    int merged = patch() * vision.path("spatial_merge_size").asInt(2);
    check(window % merged == 0, "window_size", "patch_size x spatial_merge_size");
    return new VisionConfig(
        positive(vision, "depth"),
        positive(vision, "hidden_size"),
        positive(vision, "intermediate_size"),
        positive(vision, "out_hidden_size"),
        positive(vision, "num_heads"),
        channels(),
        patch(),
        vision.path("temporal_patch_size").asInt(2),
        vision.path("spatial_merge_size").asInt(2),
        window,
        Set.copyOf(full));
  }

  private void activation(String expected) {
    String found = vision.path("hidden_act").asText(expected);
    if (!found.equals(expected)) {
      throw broken("vision hidden_act '" + found + "' is not supported; " + expected + " is");
    }
  }

  private int channels() {
    return vision.path("in_channels").asInt(vision.path("in_chans").asInt(3));
  }

  private int patch() {
    return vision.path("patch_size").asInt(vision.path("spatial_patch_size").asInt(14));
  }

  private long token(String name) {
    JsonNode id = root.has(name) ? root.get(name) : text.path(name);
    if (!id.canConvertToLong()) {
      throw broken(name + " is missing");
    }
    return id.asLong();
  }

  private int positive(JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isInt() || value.asInt() <= 0) {
      throw broken(
          name
              + (value.isMissingNode()
                  ? " is missing"
                  : " is " + value + ", not a positive number"));
    }
    return value.asInt();
  }

  private void check(boolean multiple, String what, String of) {
    if (!multiple) {
      throw broken(what + " is not a multiple of " + of);
    }
  }

  private CheckpointException broken(String why) {
    return new CheckpointException("Cannot load " + folder + ": in config.json, " + why);
  }
}
