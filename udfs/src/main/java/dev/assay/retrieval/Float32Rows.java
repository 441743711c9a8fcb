package dev.assay.retrieval;

import java.nio.ByteBuffer;

/** Products in float32. */
final class Float32Rows implements ProductRows {
  private final float[] row;

  Float32Rows(int length) {
    this.row = new float[length];
  }

  @Override
  public void read(ByteBuffer products, int place) {
    products.asFloatBuffer().get(place * row.length, row);
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
