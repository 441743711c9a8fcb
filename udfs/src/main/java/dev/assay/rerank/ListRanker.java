package dev.assay.rerank;

import dev.assay.item.Item;
import dev.assay.session.TaskModel;
import java.util.List;

/** Ranks the candidates of a query. */
public interface ListRanker extends TaskModel {
  /**
   * The probability of each candidate to be the best. It depends on all candidates and on their
   * order.
   *
   * @param maxTokens tokens in one pass, at most: fewer need less memory and give the same result
   * @return one probability for each candidate, 1 together
   * @throws dev.assay.item.BadItemException if an item cannot be used; {@link #prepare} finds out
   *     which
   */
  float[] rank(Item query, List<Item> candidates, int maxTokens);

  /** Names everything that a probability depends on except query and candidates. */
  String fingerprint();
}
