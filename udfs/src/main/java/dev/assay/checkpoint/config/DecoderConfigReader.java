package dev.assay.checkpoint.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the language model's part of {@code config.json}. Defaults are those of transformers'
 * {@code Qwen2VLTextConfig} and {@code Qwen2_5_VLTextConfig}, which are the same.
 *
 * @param root the file's own keys
 * @param text the same where the file is flat
 */
record DecoderConfigReader(ConfigSection root, ConfigSection text) {
  private static final Set<String> SILU = Set.of("silu", "swish"); // two names of one function
  private static final List<Integer> ROPE_SECTIONS = List.of(16, 24, 24);

  DecoderConfig read() {
    if (!SILU.contains(text.text("hidden_act", "silu"))) {
      throw text.unsupported("hidden_act", "silu");
    }
    int layers = text.positive("num_hidden_layers", 80);
    refuseSlidingWindow(layers);
    int hidden = text.positive("hidden_size", 8192);
    int heads = text.positive("num_attention_heads", 64);
    if (text.has("head_dim") && text.positive("head_dim", 1) * (long) heads != hidden) {
      throw text.unsupported("head_dim", "hidden_size / num_attention_heads");
    }
    ConfigSection rope = rope();
    return new DecoderConfig(
        hidden,
        text.positive("intermediate_size", 29568),
        layers,
        heads,
        text.json().path("num_key_value_heads").isNull()
            ? heads
            : text.positive("num_key_value_heads", 8),
        text.positive("vocab_size", 152064),
        (float) text.positive("rms_norm_eps", 1e-5),
        rope.positive("rope_theta", text.positive("rope_theta", 1_000_000.0)),
        sections(rope),
        root.flag("tie_word_embeddings") || text.flag("tie_word_embeddings"));
  }

  /** In transformers 5 {@code rope_parameters}; an old {@code rope_scaling} goes before it. */
  private ConfigSection rope() {
    ConfigSection rope = text.part(text.has("rope_scaling") ? "rope_scaling" : "rope_parameters");
    String key = rope.has("rope_type") ? "rope_type" : "type";
    if (!Set.of("default", "mrope").contains(rope.text(key, "default"))) {
      throw rope.unsupported(key, "mrope");
    }
    return rope;
  }

  private static List<Integer> sections(ConfigSection rope) {
    if (!rope.has("mrope_section")) {
      return ROPE_SECTIONS;
    }
    List<Integer> sections = new ArrayList<>();
    for (JsonNode section : rope.json().get("mrope_section")) {
      sections.add(section.asInt());
    }
    return List.copyOf(sections);
  }

  /** It matters if a layer has one: from {@code max_window_layers} on, or those listed. */
  private void refuseSlidingWindow(int layers) {
    if (text.has("layer_types")) {
      for (JsonNode type : text.json().get("layer_types")) {
        if (!type.asText().equals("full_attention")) {
          throw text.unsupported("layer_types", "full_attention in all layers");
        }
      }
      return;
    }
    boolean window =
        text.has("sliding_window") || text.json().path("sliding_window").isMissingNode();
    if (text.flag("use_sliding_window")
        && window
        && text.json().path("max_window_layers").asInt(80) < layers) {
      throw text.unsupported("use_sliding_window", "false");
    }
  }
}
