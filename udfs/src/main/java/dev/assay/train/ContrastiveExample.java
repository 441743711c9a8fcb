package dev.assay.train;

import dev.assay.item.Item;
import java.util.ArrayList;
import java.util.List;

/**
 * A query with its positive and its own negatives.
 *
 * @param scores the judge's, of the positive and then of each negative
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ContrastiveExample(Item query, Item positive, List<Item> negatives, float[] scores) {
  public ContrastiveExample {
    negatives = List.copyOf(negatives);
    if (scores.length != 1 + negatives.size()) {
      throw new IllegalArgumentException(
          scores.length + " scores for a positive and " + negatives.size() + " negatives");
    }
  }

  /** The query, the positive, then the negatives. */
  public List<Item> items() {
    List<Item> all = new ArrayList<>(List.of(query, positive));
    all.addAll(negatives);
    return all;
  }
}
