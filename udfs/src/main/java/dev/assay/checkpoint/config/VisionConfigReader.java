package dev.assay.checkpoint.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads {@code vision_config}. Defaults are those of transformers' {@code Qwen2VLVisionConfig} and
 * {@code Qwen2_5_VLVisionConfig}; transformers before 4.49 left out what had its default.
 */
record VisionConfigReader(Family family, ConfigSection vision) {
  private static final double ROPE_THETA = 10_000;

  VisionConfig read() {
    ConfigSection rope = vision.part("rope_parameters");
    if (rope.positive("rope_theta", ROPE_THETA) != ROPE_THETA) {
      throw rope.unsupported("rope_theta", "10000");
    }
    if (vision.has("head_dim")) {
      throw vision.unsupported("head_dim", "none");
    }
    return switch (family) {
      case QWEN2_VL -> qwen2();
      case QWEN2_5_VL -> qwen25();
    };
  }

  private VisionConfig qwen2() {
    activation("quick_gelu");
    int hidden = vision.positive("embed_dim", 1280);
    return new VisionConfig(
        blocks(),
        hidden,
        (int) (hidden * vision.positive("mlp_ratio", 4.0)),
        vision.positive("hidden_size", 3584),
        heads(),
        channels(),
        patch(),
        temporal(),
        merge(),
        0,
        Set.of());
  }

  private VisionConfig qwen25() {
    activation("silu");
    int window = vision.positive("window_size", 112);
    if (window % (patch() * merge()) != 0) {
      throw vision.unsupported("window_size", "multiples of patch_size x spatial_merge_size");
    }
    return new VisionConfig(
        blocks(),
        vision.positive("hidden_size", 3584),
        vision.positive("intermediate_size", 3420),
        vision.positive("out_hidden_size", 3584),
        heads(),
        channels(),
        patch(),
        temporal(),
        merge(),
        window,
        fullAttention());
  }

  private Set<Integer> fullAttention() {
    JsonNode blocks = vision.json().path("fullatt_block_indexes");
    if (blocks.isMissingNode()) {
      return Set.of(7, 15, 23, 31);
    }
    if (!blocks.isArray()) {
      throw vision.unsupported("fullatt_block_indexes", "a list of whole numbers");
    }
    Set<Integer> full = new HashSet<>();
    for (JsonNode block : blocks) {
      if (!block.isInt()) {
        throw vision.unsupported("fullatt_block_indexes", "a list of whole numbers");
      }
      full.add(block.asInt());
    }
    return Set.copyOf(full);
  }

  private void activation(String supported) {
    if (!vision.text("hidden_act", supported).equals(supported)) {
      throw vision.unsupported("hidden_act", supported);
    }
  }

  /** Under transformers' general name, if it is there. */
  private int blocks() {
    return vision.positive("num_hidden_layers", vision.positive("depth", 32));
  }

  /** Under transformers' general name, if it is there. */
  private int heads() {
    return vision.positive("num_attention_heads", vision.positive("num_heads", 16));
  }

  /** Released files have {@code in_chans} too, which transformers does not read. */
  private int channels() {
    return vision.positive("in_channels", 3);
  }

  private int patch() {
    return vision.positive("patch_size", 14);
  }

  private int temporal() {
    return vision.positive("temporal_patch_size", 2);
  }

  private int merge() {
    return vision.positive("spatial_merge_size", 2);
  }
}
