package dev.assay.train;

import dev.assay.model.Row;
import dev.assay.prompt.TokenSequence;
import java.util.List;

/**
 * Tokens, and what a model should learn to say after some of them.
 *
 * @param parts {@code [n]}: a token sees those before it of its own part and of part 0. All 0 in an
 *     ordinary sequence; other numbers are several ends that share a beginning.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LabelledRow(TokenSequence tokens, int[] parts, List<Label> labels) {
  /**
   * A wanted token: cross-entropy over a choice of tokens.
   *
   * @param at the index of the token after which it is wanted
   * @param token the wanted one
   * @param weight its cross-entropy is multiplied by this
   * @param choices token ids among which it is chosen; null for the whole vocabulary
   */
  public record Label(int at, long token, float weight, List<Long> choices) {}

  public LabelledRow {
    labels = List.copyOf(labels);
    if (parts.length != tokens.length()) {
      throw new IllegalArgumentException(
          parts.length + " parts for " + tokens.length() + " tokens");
    }
  }

  /** The tokens alone. */
  Row row() {
    return new Row(tokens, parts);
  }

  /** An ordinary sequence. */
  public static LabelledRow of(TokenSequence tokens, List<Label> labels) {
    return new LabelledRow(tokens, new int[tokens.length()], labels);
  }
}
