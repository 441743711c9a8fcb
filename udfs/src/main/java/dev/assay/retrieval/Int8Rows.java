package dev.assay.retrieval;

import java.nio.IntBuffer;

/**
 * Products of int8 numbers. A group is of {@link Int8#GROUP} candidates that stand as far apart as
 * there are groups; the engine says what the largest product of each is, so that few are read.
 */
final class Int8Rows implements ProductRows {
  private final IntBuffer products; // [queries, padded candidates]
  private final IntBuffer largest; // [queries, groups]
  private final int size;
  private final int groups;
  private int row;
  private double scale;

  /**
   * @param size candidates, without those that only fill the last group
   */
  Int8Rows(IntBuffer products, IntBuffer largest, int size) {
    this.products = products;
    this.largest = largest;
    this.size = size;
    this.groups = Int8.paddedRows(size) / Int8.GROUP;
  }

  @Override
  public void read(int row, double scale) {
    this.row = row;
    this.scale = scale;
  }

  @Override
  public int atLeast(float floor, int from, int to, long[] into) {
    int found = 0;
    if (from > 0 || to < size || floor == Float.NEGATIVE_INFINITY) {
      for (int i = from; i < to; i++) {
        found = take(floor, i, into, found);
      }
      return found;
    }
    // One less than the floor, for rounding; take() decides.
    int atLeast = (int) Math.max(Integer.MIN_VALUE, Math.floor(floor / scale) - 1);
    for (int group = 0; group < groups; group++) {
      if (largest.get(row * groups + group) >= atLeast) {
        for (int i = group; i < size; i += groups) {
          found = take(floor, i, into, found);
        }
      }
    }
    return found;
  }

  /** Rounding to float keeps the order of numbers, so it takes no product below the floor. */
  private int take(float floor, int place, long[] into, int found) {
    float product = (float) (products.get(row * groups * Int8.GROUP + place) * scale);
    if (product < floor) {
      return found;
    }
    into[found] = ProductRows.pack(product, place);
    return found + 1;
  }
}
