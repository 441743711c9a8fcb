package dev.assay.embed;

import dev.assay.item.Item;
import dev.assay.session.TaskModel;
import java.util.List;

/** Turns items into vectors. */
public interface ItemEncoder extends TaskModel {
  /**
   * Embeds items.
   *
   * @return {@code [items][dimensions]}, each of L2 norm 1
   * @throws dev.assay.item.BadItemException if an item cannot be used; {@link #prepare} finds out
   *     which
   */
  float[][] encode(List<Item> items);

  /** Names everything that a vector depends on except the item. */
  String fingerprint();
}
