package dev.assay.judge;

import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.prompt.Grid;
import dev.assay.prompt.TokenSequence;
import dev.assay.session.ModelSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The prompts of pairs as tokens, some of which other threads have made before they are needed. The
 * oldest are forgotten, and made again when they are needed. Thread-safe.
 */
final class PromptsAhead {
  /** Prompts that are kept; of two batches and some more. */
  private static final int MOST = 256;

  private record Pair(Order order, Item shared, Item other) {}

  private final ModelSession session;
  private final String instruction;
  private final Map<Pair, TokenSequence> made =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, TokenSequence> eldest) {
          return size() > MOST;
        }
      };

  PromptsAhead(ModelSession session, String instruction) {
    this.session = session;
    this.instruction = instruction;
  }

  /** Makes a prompt, if the sizes of its images are known. */
  void make(Order order, Item shared, Item other) {
    if (isKnown(shared) && isKnown(other)) {
      Pair pair = new Pair(order, shared, other);
      TokenSequence prompt = encode(pair, session::gridAhead);
      synchronized (made) {
        made.put(pair, prompt);
      }
    }
  }

  private boolean isKnown(Item item) {
    return item.image() == null || session.gridAhead(item.image()) != null;
  }

  /** The prompt of a pair. */
  TokenSequence take(Order order, Item shared, Item other) {
    Pair pair = new Pair(order, shared, other);
    TokenSequence prompt;
    synchronized (made) {
      prompt = made.remove(pair);
    }
    return prompt == null ? encode(pair, session::grid) : prompt;
  }

  private TokenSequence encode(Pair pair, Function<EncodedImage, Grid> grids) {
    JudgePrompt prompt = new JudgePrompt(pair.order(), instruction);
    return session.encoder().chat(prompt.of(pair.shared(), pair.other()), grids);
  }
}
