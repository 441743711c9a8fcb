package dev.assay.model;

import dev.assay.prompt.TokenSequence;
import java.util.List;

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

  /**
   * As many segments, from the first on, as have no more than so many tokens together; one at
   * least.
   */
  public static List<Segment> pack(List<Segment> segments, int first, int maxTokens) {
    int end = first;
    int tokens = 0;
    while (end < segments.size()) {
      tokens += segments.get(end).length();
      if (end > first && tokens > maxTokens) {
        break;
      }
      end++;
    }
    return segments.subList(first, end);
  }
}
