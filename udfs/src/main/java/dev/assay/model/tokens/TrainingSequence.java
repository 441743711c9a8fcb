package dev.assay.model.tokens;

import dev.assay.prompt.TokenSequence;

/**
 * A sequence that a model is trained on.
 *
 * @param parts {@code [n]}: a token sees itself and the tokens before it of its own part and of
 *     part 0. All parts are 0 in an ordinary sequence. Parts with other numbers are several ends
 *     that share the beginning, part 0.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainingSequence(TokenSequence tokens, int[] parts) {
  public TrainingSequence {
    if (parts.length != tokens.length()) {
      throw new IllegalArgumentException(
          parts.length + " parts for " + tokens.length() + " tokens");
    }
  }

  /** An ordinary sequence. */
  public static TrainingSequence of(TokenSequence tokens) {
    return new TrainingSequence(tokens, new int[tokens.length()]);
  }

  public int length() {
    return tokens.length();
  }
}
