package dev.assay.model;

import dev.assay.prompt.TokenSequence;

/**
 * The tokens {@code from} (inclusive) to {@code to} (exclusive) of a sequence, which must not cut
 * through an image. What stands before them is in the pack's past, or is nothing.
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
