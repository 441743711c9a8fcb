package dev.assay.retrieval;

import java.util.List;
import java.util.PriorityQueue;

/** The k nearest hits seen so far, by {@link Hit#NEAREST_FIRST}. */
final class NearestHits {
  private final int k;
  private final PriorityQueue<Hit> farthestFirst;

  NearestHits(int k) {
    this.k = k;
    this.farthestFirst = new PriorityQueue<>(k + 1, Hit.NEAREST_FIRST.reversed());
  }

  /** Returns whether it is among them now. */
  boolean offer(Hit hit) {
    if (hit.similarity() < floor()) {
      return false;
    }
    farthestFirst.add(hit);
    return farthestFirst.size() <= k || farthestFirst.poll() != hit;
  }

  NearestHits copy() {
    NearestHits copy = new NearestHits(k);
    copy.farthestFirst.addAll(farthestFirst);
    return copy;
  }

  /** Hits below this similarity are not kept; negative infinity until there are k. */
  float floor() {
    return farthestFirst.size() < k ? Float.NEGATIVE_INFINITY : farthestFirst.peek().similarity();
  }

  List<Hit> nearestFirst() {
    return farthestFirst.stream().sorted(Hit.NEAREST_FIRST).toList();
  }
}
