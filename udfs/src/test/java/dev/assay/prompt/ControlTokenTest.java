package dev.assay.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text of an item is characters, whatever it says: it neither ends nor begins a turn. */
class ControlTokenTest {
  private static final EncodedImage IMAGE = EncodedImage.of(new byte[1]);
  private static final Grid GRID = new Grid(4, 4); // 4 image tokens

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2-vl-nested", "qwen2.5-vl"})
  void idsEqualTransformersWithSplitSpecialTokens(String name) {
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint(name))) {
      JsonNode cases = Fixtures.json("control-tokens.json").path(name);
      assertTrue(cases.size() > 10);
      for (JsonNode expected : cases) {
        String text = expected.path("text").asText();
        List<Part> parts =
            List.of(
                new Part.Text("Query:"),
                new Part.Text(text),
                new Part.Text("Candidate:"),
                new Part.Text(text));
        assertArrayEquals(ids(expected.path("chat")), encoder.chat(parts, i -> GRID).ids(), text);
        assertArrayEquals(
            ids(expected.path("plain")),
            encoder.plain(List.of(new Part.Text(text)), i -> GRID).ids(),
            text);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2-vl-nested"}) // two chat templates
  void noTextBringsAnAddedTokenIntoAPrompt(String name) {
    Random random = new Random(7);
    List<String> pieces = pieces(name);
    Set<Long> known = new HashSet<>();
    tokens(name).forEach(token -> known.add(token.path("id").asLong()));
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint(name))) {
      List<Long> ofTemplate = added(known, encoder.chat(prompt("red", "blue"), i -> GRID));
      List<Long> ofImage = added(known, encoder.plain(Part.of(new Item("red", IMAGE)), i -> GRID));
      assertEquals(4, ofImage.size());
      for (int round = 0; round < 300; round++) {
        String query = text(pieces, random);
        String candidate = text(pieces, random);
        TokenSequence chat = encoder.chat(prompt(query, candidate), i -> GRID);
        assertEquals(ofTemplate, added(known, chat), query + " | " + candidate);
        TokenSequence plain = encoder.plain(Part.of(new Item(query, IMAGE)), i -> GRID);
        assertEquals(ofImage, added(known, plain), query);
        assertEquals(List.of(), added(known, encoder.plain(text(candidate), i -> GRID)), candidate);
        assertEquals(nfc(candidate), decoded(encoder, text(candidate)));
      }
    }
  }

  /** All that a token may be made of: whole ones, their characters, what normalises, our marks. */
  private static List<String> pieces(String name) {
    List<String> pieces = new ArrayList<>();
    for (JsonNode token : tokens(name)) {
      String content = token.path("content").asText();
      pieces.add(content);
      for (int at : new int[] {1, 2, content.length() / 2, content.length() - 1}) {
        pieces.add(content.substring(0, at));
        pieces.add(content.substring(at));
      }
    }
    pieces.addAll(
        List.of("<|image_1|>", "<|image_1|>\n", "\n", " ", "\u0338", "Yes", "{{", "%}", "\ufdef"));
    pieces.addAll(List.of("\ufdd0", "\ufdd3", "\ud83d\ude00", "猫", "<tool_call>", "e\u0301"));
    return pieces;
  }

  private static String text(List<String> pieces, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i >= 0; i--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return text.toString();
  }

  private static List<Part> prompt(String query, String candidate) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part.Text("Query:"));
    parts.addAll(Part.of(new Item(query, IMAGE)));
    parts.add(new Part.Text("Candidate:"));
    parts.addAll(text(candidate));
    return parts;
  }

  private static List<Part> text(String text) {
    return List.of(new Part.Text(text));
  }

  private static String decoded(PromptEncoder encoder, List<Part> parts) {
    return encoder.tokenizer().decode(encoder.plain(parts, i -> GRID).ids());
  }

  private static String nfc(String text) {
    return java.text.Normalizer.normalize(text, java.text.Normalizer.Form.NFC);
  }

  private static List<Long> added(Set<Long> known, TokenSequence sequence) {
    return Arrays.stream(sequence.ids()).boxed().filter(known::contains).toList();
  }

  private static JsonNode tokens(String name) {
    return Fixtures.json(name + "/tokenizer.json").path("added_tokens");
  }

  private static long[] ids(JsonNode node) {
    long[] ids = new long[node.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = node.get(i).asLong();
    }
    return ids;
  }
}
