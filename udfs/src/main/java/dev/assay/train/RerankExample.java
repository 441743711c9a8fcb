package dev.assay.train;

import dev.assay.item.Item;
import java.util.List;

/**
 * What a reranker learns from one query.
 *
 * @param negatives at least one; the same one again does not count
 */
public record RerankExample(Item query, Item positive, List<Negative> negatives) {
  /**
   * A candidate that does not meet the query.
   *
   * @param score the judge's: the higher, the harder to tell from a positive
   */
  public record Negative(Item item, float score) {
    public Negative {
      if (!Float.isFinite(score)) {
        throw new IllegalArgumentException("a negative's score is " + score);
      }
    }
  }

  public RerankExample {
    if (negatives.isEmpty()) {
      throw new IllegalArgumentException("no negatives to tell the positive from");
    }
    negatives = List.copyOf(negatives);
  }
}
