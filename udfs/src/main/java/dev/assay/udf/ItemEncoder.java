package dev.assay.udf;

import dev.assay.item.BadItemException;
import dev.assay.item.Item;
import java.util.List;

/** What embeds items inside one task: the embedder, or a stand-in. Not thread-safe. */
interface ItemEncoder extends AutoCloseable {
  /**
   * Makes an item ready, so that a bad one is known before it stands among good ones.
   *
   * @throws BadItemException if the item cannot be used
   */
  void prepare(Item item);

  /** Embeds items: {@code [items][dimensions]}, L2 norm 1. */
  float[][] encode(List<Item> items);

  /**
   * Gives back memory that is held to save work later, such as images' features.
   *
   * @return whether there was any
   */
  default boolean release() {
    return false;
  }

  /** Names everything that changes an embedding. */
  String fingerprint();

  /** The task is over; the model behind it stays. */
  @Override
  void close();
}
