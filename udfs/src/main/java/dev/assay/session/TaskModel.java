package dev.assay.session;

import dev.assay.item.Item;

/** A model as one task uses it: the weights are shared, the images are its own. Not thread-safe. */
public interface TaskModel extends AutoCloseable {
  /**
   * Decodes the item's image, so that a bad item is found before it is put among good ones.
   *
   * @throws dev.assay.item.BadItemException if the item cannot be used
   */
  void prepare(Item item);

  /**
   * Does what can be done for an item before it is prepared, such as decoding its image. Called on
   * any thread; never fails, and changes no result.
   */
  default void ahead(Item item) {}

  /**
   * Frees device memory that is held for later calls, such as features of images. They are computed
   * again when they are needed.
   *
   * @return whether there was any
   */
  default boolean release() {
    return false;
  }

  /** Frees what belongs to the task. The weights stay loaded. */
  @Override
  void close();
}
