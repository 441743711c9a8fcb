package dev.assay.judge;

import dev.assay.prompt.TokenSequence;
import dev.assay.prompt.TokenSequence.ImageSpan;
import java.util.List;

/**
 * The tokens that all sequences have in common at their beginning. It compares tokens and not text,
 * because a tokenizer may merge the end of the shared text with the start of what follows.
 */
final class CommonBeginning {
  private CommonBeginning() {}

  /**
   * The length of the longest common beginning that leaves each sequence one token of its own at
   * least, holds the same images in all, and cuts no image.
   */
  static int of(List<TokenSequence> sequences) {
    TokenSequence first = sequences.get(0);
    int common = first.length() - 1;
    for (TokenSequence other : sequences.subList(1, sequences.size())) {
      common = Math.min(common, of(first, other));
    }
    for (ImageSpan span : first.images()) {
      if (span.start() < common && common < span.start() + span.length()) {
        common = span.start();
      }
    }
    return common;
  }

  private static int of(TokenSequence a, TokenSequence b) {
    int limit = Math.min(a.length(), b.length()) - 1;
    for (int i = 0; i < Math.max(a.images().size(), b.images().size()); i++) {
      ImageSpan inA = i < a.images().size() ? a.images().get(i) : null;
      ImageSpan inB = i < b.images().size() ? b.images().get(i) : null;
      if (inA == null || inB == null || !inA.equals(inB)) {
        limit = Math.min(limit, Math.min(start(inA), start(inB)));
        break;
      }
    }
    int i = 0;
    while (i < limit && a.ids()[i] == b.ids()[i]) {
      i++;
    }
    return i;
  }

  private static int start(ImageSpan span) {
    return span == null ? Integer.MAX_VALUE : span.start();
  }
}
