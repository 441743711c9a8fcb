package dev.assay.retrieval;

import ai.djl.ndarray.NDArray;

/** Some queries that are multiplied together, and the precision that suits them. */
final class Tile {
  /**
   * Comparing a pair exactly takes as long as some sixteen products in float32. So where more of
   * the products in bfloat16 than this share leave the question open, float32 is faster.
   */
  private static final double MOST_COMPARED = 1.0 / 16;

  final int first;
  final int size;

  /** Of its queries. */
  final Magnitude magnitude;

  private final long enoughPairs;
  private Precision precision;
  private NDArray operands;
  private long pairs;
  private long compared;

  /**
   * @param first the place of its first query
   * @param k how many candidates are kept for each query
   */
  Tile(QueryBlock queries, int first, int size, int k, Precision precision) {
    this.first = first;
    this.size = size;
    this.magnitude = Magnitude.largest(queries.vectors(), first, size, queries.dimensions());
    this.enoughPairs = 64L * k * size;
    this.precision = precision;
  }

  Precision precision() {
    return precision;
  }

  /** Its queries on the device, or null if they are not there in its precision. */
  NDArray operands() {
    return operands;
  }

  void operands(NDArray onDevice) {
    this.operands = onDevice;
  }

  /** Counts what was compared, and changes to float32 where bfloat16 leaves too much open. */
  void count(long morePairs, long moreCompared) {
    pairs += morePairs;
    compared += moreCompared;
    if (precision == Precision.BFLOAT16
        && pairs >= enoughPairs
        && compared > MOST_COMPARED * pairs) {
      precision = Precision.FLOAT32;
      operands.close();
      operands = null;
    }
  }
}
