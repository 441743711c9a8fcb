package dev.assay.judge;

import dev.assay.item.Item;
import dev.assay.session.TaskModel;
import java.util.List;

/** Scores pairs that share one side. */
public interface PairScorer extends TaskModel {
  /**
   * Scores one shared side with others.
   *
   * @param order query first if {@code shared} is the query, else candidate first
   * @param others the other sides
   * @return one margin for each of {@code others}, the same as for each pair alone
   * @throws dev.assay.item.BadItemException if an item cannot be used; {@link #prepare} finds out
   *     which
   */
  float[] score(Order order, Item shared, List<Item> others);

  /**
   * Does what can be done for a pair before it is scored, such as tokenising its prompt. Called on
   * any thread, after {@link #ahead(Item)} for both sides; never fails, and changes no result.
   */
  default void ahead(Order order, Item shared, Item other) {}

  /** Names everything that a margin depends on except the pair. */
  String fingerprint(Order order);
}
