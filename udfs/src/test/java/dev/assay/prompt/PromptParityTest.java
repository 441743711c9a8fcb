package dev.assay.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.item.ItemText;
import dev.assay.prompt.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts, token ids and positions equal transformers' in every case of the reference files. */
class PromptParityTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"qwen2-vl", "qwen2-vl-bf16", "qwen2-vl-nested", "qwen2.5-vl", "qwen2.5-vl-fp16"})
  void judgePromptsEqualTransformers(String name) {
    JsonNode reference = Fixtures.reference(name);
    ChatTemplate template = ChatTemplate.of(Fixtures.checkpoint(name));
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint(name))) {
      int cases = 0;
      for (JsonNode expected : reference.path("cases")) {
        String what = expected.path("name") + " " + expected.path("order");
        List<Part> parts = judgeParts(reference.path("instruction").asText(), expected);
        assertEquals(expected.path("prompt").asText(), template.render(parts), what);
        TokenSequence actual = encoder.chat(parts, grids(expected));
        assertEquals(ids(expected.path("ids")), ids(actual), what);
        for (int axis = 0; axis < 3; axis++) {
          assertArrayEquals(
              ints(expected.path("positions").path(axis)), actual.positions()[axis], what);
        }
        assertSpans(expected.path("images"), actual, what);
        cases++;
      }
      assertEquals(reference.path("cases").size(), cases);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2-vl-nested", "qwen2.5-vl"})
  void embeddingPromptsEqualTransformers(String name) {
    JsonNode reference = Fixtures.reference(name);
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint(name))) {
      for (JsonNode expected : reference.path("embeddings")) {
        String prompt = expected.path("prompt").asText();
        TokenSequence actual = encoder.plain(embeddingParts(expected), grids(expected));
        assertEquals(ids(expected.path("ids")), ids(actual), prompt);
        for (int i = 0; i < actual.length(); i++) {
          for (int axis = 0; axis < 3; axis++) {
            assertEquals(i, actual.positions()[axis][i], prompt);
          }
        }
        assertSpans(expected.path("images"), actual, prompt);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2-vl-nested", "qwen2.5-vl"})
  void tokensOfTextsEqualTransformers(String name) throws Exception {
    try (Tokenizer tokenizer = Tokenizer.of(Fixtures.checkpoint(name))) {
      for (JsonNode text : Fixtures.reference("tokenizer").path("texts")) {
        assertEquals(
            ids(text.path("ids")),
            list(tokenizer.encode(text.path("text").asText())),
            text.path("text").asText());
      }
    }
  }

  @Test
  void findsTheJudgesWords() {
    JsonNode config = Fixtures.reference("qwen2-vl").path("config");
    try (Tokenizer tokenizer = Tokenizer.of(Fixtures.checkpoint("qwen2-vl"))) {
      assertEquals(config.path("yes_id").asLong(), tokenizer.id("Yes"));
      assertEquals(config.path("no_id").asLong(), tokenizer.id("No"));
    }
  }

  private static List<Part> judgeParts(String instruction, JsonNode expected) {
    List<Part> parts = new ArrayList<>(List.of(new Part.Text(instruction)));
    boolean queryFirst = expected.path("order").asText().equals("query-first");
    for (String side : queryFirst ? List.of("query", "candidate") : List.of("candidate", "query")) {
      parts.add(new Part.Text(side.equals("query") ? "Query:" : "Candidate:"));
      Item item = Fixtures.item(expected.path(side));
      if (item.image() != null) {
        parts.add(new Part.Image(item.image()));
      }
      String text = ItemText.clean(item.text());
      if (!text.isEmpty()) {
        parts.add(new Part.Text(text));
      }
    }
    return parts;
  }

  /** The reference's prompt, taken apart where its images stand. */
  private static List<Part> embeddingParts(JsonNode expected) {
    List<Part> parts = new ArrayList<>();
    String[] texts = expected.path("prompt").asText().split("<\\|image_pad\\|>", -1);
    for (int i = 0; i < texts.length; i++) {
      if (i > 0) {
        parts.add(new Part.Image(Fixtures.item(expected.path("item")).image()));
      }
      parts.add(new Part.Text(texts[i]));
    }
    return parts;
  }

  private static Function<EncodedImage, Grid> grids(JsonNode expected) {
    Map<String, Grid> grids = new HashMap<>();
    for (JsonNode image : expected.path("images")) {
      grids.put(
          image.path("image").asText(),
          new Grid(image.path("rows").asInt(), image.path("columns").asInt()));
    }
    return image -> grids.get(image.key());
  }

  private static void assertSpans(JsonNode expected, TokenSequence actual, String what) {
    assertEquals(expected.size(), actual.images().size(), what);
    for (int i = 0; i < expected.size(); i++) {
      TokenSequence.ImageSpan span = actual.images().get(i);
      assertEquals(expected.path(i).path("image").asText(), span.image().key(), what);
      assertEquals(expected.path(i).path("start").asInt(), span.start(), what);
      assertEquals(expected.path(i).path("tokens").asInt(), span.length(), what);
    }
  }

  private static List<Long> ids(TokenSequence sequence) {
    return list(sequence.ids());
  }

  private static List<Long> list(long[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  private static List<Long> ids(JsonNode node) {
    List<Long> ids = new ArrayList<>();
    node.forEach(id -> ids.add(id.asLong()));
    return ids;
  }

  private static int[] ints(JsonNode node) {
    int[] values = new int[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).asInt();
    }
    return values;
  }
}
