package dev.assay.prompt.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens that a tokenizer recognises as a whole wherever they are written, such as {@code
 * <|im_end|>}: the {@code added_tokens} of {@code tokenizer.json}. Where two could begin, the
 * longer one counts, as in Hugging Face's library.
 */
final class AddedTokens {
  /**
   * One added token.
   *
   * @param exact whether it matches its text and nothing more: not white space around it ({@code
   *     lstrip}, {@code rstrip}), and not whole words only ({@code single_word})
   */
  record AddedToken(long id, String text, boolean exact) {}

  private final Map<Long, AddedToken> byId = new HashMap<>();
  private final Map<Character, List<AddedToken>> byFirst = new HashMap<>(); // the longest first

  /**
   * @param nodes the {@code added_tokens} of a {@code tokenizer.json}
   */
  AddedTokens(JsonNode nodes) {
    for (JsonNode node : nodes) {
      boolean exact =
          !node.path("lstrip").asBoolean()
              && !node.path("rstrip").asBoolean()
              && !node.path("single_word").asBoolean();
      AddedToken token =
          new AddedToken(node.path("id").asLong(), node.path("content").asText(), exact);
      byId.put(token.id(), token);
      if (!token.text().isEmpty()) {
        byFirst.computeIfAbsent(token.text().charAt(0), c -> new ArrayList<>()).add(token);
      }
    }
    byFirst.values().forEach(same -> same.sort((a, b) -> b.text().length() - a.text().length()));
  }

  Iterable<AddedToken> all() {
    return byId.values();
  }

  /** The token with this id; null if there is none. */
  AddedToken of(long id) {
    return byId.get(id);
  }

  /** The longest token that is written at this place of a text; null if there is none. */
  AddedToken at(String text, int place) {
    for (AddedToken token : byFirst.getOrDefault(text.charAt(place), List.of())) {
      if (text.startsWith(token.text(), place)) {
        return token;
      }
    }
    return null;
  }

  /**
   * The text with an escape at every place where an added token starts, and where one could start
   * or end together with the text before or after it. No added token is then found in it, in any
   * prompt. {@link Escapes#undo} restores the text.
   */
  String hidden(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Escapes.isMark(c) || begins(text, i) || (i == 0 && continues(text))) {
        Escapes.append(out, c);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Whether a token starts here and ends in the text, or could end after it. */
  private boolean begins(String text, int place) {
    for (AddedToken token : byFirst.getOrDefault(text.charAt(place), List.of())) {
      int length = Math.min(token.text().length(), text.length() - place);
      if (text.regionMatches(place, token.text(), 0, length)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a token that starts before the text could end in it or after it. */
  private boolean continues(String text) {
    for (AddedToken token : byId.values()) {
      for (int from = 1; from < token.text().length(); from++) {
        int length = Math.min(token.text().length() - from, text.length());
        if (text.regionMatches(0, token.text(), from, length)) {
          return true;
        }
      }
    }
    return false;
  }
}
