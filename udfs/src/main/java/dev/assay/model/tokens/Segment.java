package dev.assay.model.tokens;

import dev.assay.prompt.TokenSequence;

/**
 * The tokens from {@code from} (inclusive) to {@code to} (exclusive) of a sequence. It must not
 * split an image. The tokens before it are in the pack's past, if there are any.
 */
public record Segment(TokenSequence tokens, int from, int to) {
  public Segment {
    if (from < 0 || to <= from || to > tokens.length()) {
      throw new IllegalArgumentException(
          "segment " + from + ".." + to + " of a sequence of " + tokens.length());
    }
  }

  public static Segment whole(TokenSequence tokens) {
    return new Segment(tokens, 0, tokens.length());
  }

  public int length() {
    return to - from;
  }
}
