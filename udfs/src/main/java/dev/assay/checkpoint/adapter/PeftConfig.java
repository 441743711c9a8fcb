package dev.assay.checkpoint.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.checkpoint.AdapterBase;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.TensorNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * PEFT's {@code adapter_config.json}.
 *
 * @param ranks {@code rank_pattern}: ranks of modules whose names end in a match; the first match
 *     counts
 * @param alphas {@code alpha_pattern}, likewise
 */
public record PeftConfig(
    LoraConfig lora, Map<Pattern, Integer> ranks, Map<Pattern, Double> alphas) {
  private static final String FILE = AdapterBase.PEFT_FILE;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keys of variants that do not compute {@code W + scaling B A}; null, false or empty is fine. */
  private static final List<String> VARIANTS =
      List.of(
          "use_dora",
          "use_qalora",
          "use_bdlora",
          "lora_bias",
          "modules_to_save",
          "target_parameters",
          "trainable_token_indices",
          "layer_replication",
          "alora_invocation_tokens",
          "arrow_config",
          "kasa_config",
          "monteclora_config",
          "velora_config");

  /** Initialisations that do not change the base. Others (PiSSA, OLoRA, …) do. */
  private static final Set<String> PLAIN_INITIALISATIONS =
      Set.of("", "true", "false", "gaussian", "eva", "orthogonal");

  /**
   * Reads a folder's {@code adapter_config.json}.
   *
   * @throws CheckpointException if it is not plain LoRA, or a value makes no sense
   */
  public static PeftConfig of(CheckpointFolder folder) {
    JsonNode json = folder.json(FILE);
    try {
      refuseOthers(json);
      LoraConfig lora =
          new LoraConfig(
              integer("r", json.path("r")),
              number("lora_alpha", json.path("lora_alpha")),
              json.path("lora_dropout").asDouble(0),
              targets(json.path("target_modules")),
              json.path("use_rslora").asBoolean(false));
      Map<Pattern, Integer> ranks = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : json.path("rank_pattern").properties()) {
        ranks.put(ending(entry.getKey()), integer("rank_pattern", entry.getValue()));
      }
      Map<Pattern, Double> alphas = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : json.path("alpha_pattern").properties()) {
        alphas.put(ending(entry.getKey()), number("alpha_pattern", entry.getValue()));
      }
      return new PeftConfig(lora, ranks, alphas);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "Cannot load adapter " + folder + ": in " + FILE + ", " + e.getMessage(), e);
    }
  }

  /** The rank of a module's update. */
  int rank(String module) {
    return first(ranks, module, lora.rank());
  }

  /** The factor of a module's update. */
  double scaling(String module) {
    return new LoraConfig(
            rank(module),
            first(alphas, module, lora.alpha()),
            lora.dropout(),
            lora.targets(),
            lora.rankStabilized())
        .scaling();
  }

  /**
   * The file's text.
   *
   * @param targets for PEFT
   */
  public static byte[] json(LoraConfig lora, TargetModules targets, String base) {
    ObjectNode json = JSON.createObjectNode();
    json.put("peft_type", "LORA").put("task_type", "CAUSAL_LM");
    json.put("base_model_name_or_path", base).put("inference_mode", true);
    json.put("r", lora.rank()).put("lora_dropout", lora.dropout());
    if (lora.alpha() == Math.rint(lora.alpha())) {
      json.put("lora_alpha", (long) lora.alpha()); // as PEFT writes it
    } else {
      json.put("lora_alpha", lora.alpha());
    }
    json.put("use_rslora", lora.rankStabilized()).put("use_dora", false).put("bias", "none");
    if (targets.pattern() == null) {
      targets.names().forEach(json.putArray("target_modules")::add);
    } else {
      json.put("target_modules", targets.pattern());
    }
    json.put("fan_in_fan_out", false).put("init_lora_weights", true).putNull("modules_to_save");
    json.putObject("rank_pattern");
    json.putObject("alpha_pattern");
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void refuseOthers(JsonNode json) {
    String type = json.path("peft_type").asText("missing");
    if (!type.equals("LORA")) {
      throw new IllegalArgumentException("peft_type is " + type + "; Assay supports LORA");
    }
    String bias = json.path("bias").asText("none");
    if (!bias.equals("none")) {
      throw new IllegalArgumentException("bias is " + bias + "; Assay supports none");
    }
    for (String variant : VARIANTS) {
      JsonNode value = json.path(variant);
      boolean unset =
          value.isContainerNode() ? value.isEmpty() : !value.asBoolean(value.isTextual());
      if (!unset) {
        throw new IllegalArgumentException(
            variant + " is " + value + "; Assay supports plain LoRA, without it");
      }
    }
    String initialisation = json.path("init_lora_weights").asText("").toLowerCase(Locale.ROOT);
    if (!PLAIN_INITIALISATIONS.contains(initialisation)) {
      throw new IllegalArgumentException(
          "init_lora_weights is "
              + initialisation
              + ", which changes the base's weights; convert it to plain LoRA"
              + " (PEFT's path_initial_model_for_weight_conversion)");
    }
  }

  private static TargetModules targets(JsonNode json) {
    if (json.isTextual()) {
      return TargetModules.matching(json.asText());
    }
    List<String> names = new ArrayList<>();
    json.forEach(name -> names.add(name.asText()));
    return TargetModules.named(names);
  }

  private static int integer(String name, JsonNode json) {
    if (!json.isInt() || json.asInt() < 1) {
      throw new IllegalArgumentException(
          name + " is " + text(json) + ", it must be a whole number of at least 1");
    }
    return json.asInt();
  }

  private static double number(String name, JsonNode json) {
    if (!json.isNumber() || !(json.asDouble() > 0)) {
      throw new IllegalArgumentException(
          name + " is " + text(json) + ", it must be a number greater than 0");
    }
    return json.asDouble();
  }

  private static String text(JsonNode json) {
    return json.isMissingNode() ? "missing" : json.toString();
  }

  private static Pattern ending(String pattern) {
    try {
      return Pattern.compile("(.*\\.)?(" + pattern + ")");
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + pattern + "' is not a regular expression: " + e.getDescription(), e);
    }
  }

  private static <T> T first(Map<Pattern, T> patterns, String module, T otherwise) {
    for (Map.Entry<Pattern, T> entry : patterns.entrySet()) {
      if (TensorNames.spellings(module).stream()
          .anyMatch(name -> entry.getKey().matcher(name).matches())) {
        return entry.getValue();
      }
    }
    return otherwise;
  }
}
