package dev.assay.udf;

import dev.assay.item.BadItemException;
import dev.assay.item.Item;
import java.util.List;

/** What ranks lists inside one task: the reranker, or a stand-in. Not thread-safe. */
interface ListRanker extends AutoCloseable {
  /**
   * Makes an item ready, so that a bad one is known before it stands among good ones.
   *
   * @throws BadItemException if the item cannot be used
   */
  void prepare(Item item);

  /**
   * Ranks the candidates of a query.
   *
   * @param maxTokens tokens in one pass, at the most: fewer need less memory
   * @return a probability for each, 1 together
   */
  float[] rank(Item query, List<Item> candidates, int maxTokens);

  /**
   * Gives back memory that is held to save work later, such as images' features.
   *
   * @return whether there was any
   */
  default boolean release() {
    return false;
  }

  /** Names everything that changes a probability: checkpoint, prompt, pixel limits, precision. */
  String fingerprint();

  /** The task is over; the model behind it stays. */
  @Override
  void close();
}
