package dev.assay.udf;

import dev.assay.item.BadItemException;
import dev.assay.item.Item;
import java.util.List;

/** What scores pairs inside one task: the judge, or a stand-in. Not thread-safe. */
interface PairScorer extends AutoCloseable {
  /**
   * Makes an item ready, so that a bad one is known before it stands among good ones.
   *
   * @throws BadItemException if the item cannot be used
   */
  void prepare(boolean candidateFirst, Item item);

  /**
   * Scores one shared side against others.
   *
   * @param candidateFirst whether {@code shared} is the candidate (and {@code others} queries)
   * @return margins, one per other, as if each pair stood alone
   */
  float[] score(boolean candidateFirst, Item shared, List<Item> others);

  /**
   * Gives back memory that is held to save work later, such as images' features.
   *
   * @return whether there was any
   */
  default boolean release() {
    return false;
  }

  /** Names everything that changes a margin: checkpoint, prompt, pixel limits, precision. */
  String fingerprint(boolean candidateFirst);

  /** The task is over; the model behind it stays. */
  @Override
  void close();
}
