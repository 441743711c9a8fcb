package dev.assay.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.FatalTemplateErrorsException;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A checkpoint's chat template, in Jinja. Gives what transformers' {@code apply_chat_template}
 * gives for one user turn with the generation prompt added. May be used by many threads.
 */
public final class ChatTemplate {
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final Pattern FILTERED_LOOP = Pattern.compile("\\{%[-+]?\\s*for\\s[^%(]*\\sif\\s");

  private final Jinjava jinja;
  private final TemplateRun run;
  private final String template;
  private final Map<String, String> specialTokens;
  private final String source;

  private ChatTemplate(String template, Map<String, String> specialTokens, String source) {
    // Without nested interpretation a text is never rendered as a template itself. JinjaSource
    // applies whitespace control. The overrides turn off what jinjava does and Jinja does not.
    JinjavaConfig config =
        JinjavaConfig.newBuilder()
            .withTrimBlocks(false)
            .withLstripBlocks(false)
            .withNestedInterpretationEnabled(false)
            .withLegacyOverrides(
                LegacyOverrides.newBuilder()
                    .withEvaluateMapKeys(true)
                    .withIterateOverMapKeys(true)
                    .withUseNaturalOperatorPrecedence(true)
                    .withParseWhitespaceControlStrictly(true)
                    .withAllowAdjacentTextNodes(true)
                    .withUseTrimmingForNotesAndExpressions(true)
                    .withKeepNullableLoopValues(true)
                    .build())
            .build();
    this.jinja = new Jinjava(config);
    this.run = new TemplateRun(jinja);
    this.specialTokens = specialTokens;
    this.source = source;
    this.template = explicit(template);
  }

  /**
   * Finds the template in {@code chat_template.jinja}, {@code tokenizer_config.json} or {@code
   * chat_template.json}, in this order.
   *
   * @throws CheckpointException if there is none
   */
  public static ChatTemplate of(CheckpointFolder checkpoint) {
    Map<String, String> tokens = specialTokens(checkpoint);
    String file = "chat_template.jinja";
    if (checkpoint.has(file)) {
      return new ChatTemplate(checkpoint.text(file), tokens, checkpoint.file(file).toString());
    }
    for (String json : List.of(TOKENIZER_CONFIG, "chat_template.json")) {
      if (checkpoint.has(json)) {
        String template = template(checkpoint.json(json).path("chat_template"));
        if (template != null) {
          return new ChatTemplate(template, tokens, checkpoint.file(json).toString());
        }
      }
    }
    throw new CheckpointException(
        "Cannot load a checkpoint from "
            + checkpoint
            + ": no chat template. Copy chat_template.jinja or tokenizer_config.json from the model"
            + " that this one was trained from");
  }

  private String explicit(String raw) {
    if (FILTERED_LOOP.matcher(raw).find()) {
      throw failure("it has a loop with a condition (for ... if ...), which jinjava ignores", null);
    }
    try {
      return JinjaSource.explicit(raw);
    } catch (IllegalArgumentException e) {
      throw failure(e.getMessage(), e);
    }
  }

  /** A template, or the one called default out of a list of named ones; null if it is neither. */
  private static String template(JsonNode node) {
    if (node.isTextual()) {
      return node.asText();
    }
    for (JsonNode named : node) {
      if (named.path("name").asText().equals("default")) {
        return named.path("template").asText();
      }
    }
    return null;
  }

  /** The {@code bos_token}, {@code eos_token} and so on that a template may name. */
  private static Map<String, String> specialTokens(CheckpointFolder checkpoint) {
    Map<String, String> tokens = new HashMap<>();
    if (checkpoint.has(TOKENIZER_CONFIG)) {
      for (Map.Entry<String, JsonNode> entry : checkpoint.json(TOKENIZER_CONFIG).properties()) {
        JsonNode value = entry.getValue();
        JsonNode text = value.isObject() ? value.path("content") : value;
        if (entry.getKey().endsWith("_token") && text.isTextual()) {
          tokens.put(entry.getKey(), text.asText());
        }
      }
    }
    return tokens;
  }

  /**
   * Renders one user turn and the opening of the answer.
   *
   * @throws CheckpointException if the template cannot be rendered
   */
  public String render(List<Part> userContent) {
    List<Map<String, Object>> content = new ArrayList<>();
    for (Part part : userContent) {
      if (part instanceof Part.Text text) {
        content.add(Map.of("type", "text", "text", text.text()));
      } else {
        content.add(Map.of("type", "image"));
      }
    }
    Map<String, Object> variables = new HashMap<>(specialTokens);
    variables.put("messages", List.of(Map.of("role", "user", "content", content)));
    variables.put("add_generation_prompt", true);
    return run.render(template, variables).orElseGet(() -> renderOrFail(variables));
  }

  private String renderOrFail(Map<String, Object> variables) {
    try {
      RenderResult result = jinja.renderForResult(template, variables);
      for (TemplateError error : result.getErrors()) {
        if (error.getSeverity() == TemplateError.ErrorType.FATAL) {
          throw failure(error.getMessage(), null);
        }
      }
      return result.getOutput();
    } catch (FatalTemplateErrorsException e) {
      throw failure(e.getMessage(), e);
    }
  }

  private CheckpointException failure(String why, Throwable cause) {
    return new CheckpointException(
        "Cannot render the chat template in " + source + ": " + why, cause);
  }
}
