package dev.assay.retrieval;

import java.nio.FloatBuffer;

/** Products in float32. */
final class Float32Rows implements ProductRows {
  private final FloatBuffer products;
  private final float[] row;

  Float32Rows(FloatBuffer products, int length) {
    this.products = products;
    this.row = new float[length];
  }

  @Override
  public void read(int place, double scale) {
    products.get(place * row.length, row);
  }

  @Override
  public int atLeast(float floor, int from, int to, long[] into) {
    int found = 0;
    for (int i = from; i < to; i++) {
      if (!(row[i] < floor)) { // NaN is kept
        into[found++] = ProductRows.pack(row[i], i);
      }
    }
    return found;
  }
}
