package dev.assay.retrieval;

/** Decides in which precision it is fastest to go on, by how many pairs the sieve leaves open. */
final class Openness {
  /**
   * Comparing a pair exactly takes as long as some sixteen products in float32. So where products
   * in bfloat16 leave more than this share of pairs open, float32 is faster.
   */
  private static final double MOST = 1.0 / 16;

  private final long enough;
  private long pairs;
  private long open;

  /**
   * @param k of the search: while few candidates were seen, most pairs are open anyway
   */
  Openness(int k, int queries) {
    this.enough = 64L * k * queries;
  }

  void count(long morePairs, long moreOpen) {
    pairs += morePairs;
    open += moreOpen;
  }

  FirstPass next(FirstPass now) {
    return pairs >= enough && open > MOST * pairs ? FirstPass.FLOAT32 : now;
  }
}
