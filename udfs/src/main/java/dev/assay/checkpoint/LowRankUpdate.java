package dev.assay.checkpoint;

import java.util.stream.IntStream;

/**
 * What an adapter adds to a weight {@code [out, in]}: {@code scaling * B A}, in float32.
 *
 * @param a {@code [rank, in]}
 * @param b {@code [out, rank]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LowRankUpdate(float[] a, float[] b, int rank, float scaling) {

  /**
   * Adds it to some rows of the weight.
   *
   * @param rows {@code [count, in]}, changed in place
   * @param first which row of the weight the first one is
   */
  void addTo(float[] rows, long first, int count) {
    int columns = a.length / rank;
    IntStream.range(0, count)
        .parallel()
        .forEach(row -> addTo(rows, row * columns, columns, Math.toIntExact((first + row) * rank)));
  }

  private void addTo(float[] rows, int at, int columns, int fromB) {
    float[] update = new float[columns];
    for (int k = 0; k < rank; k++) {
      float factor = b[fromB + k];
      int fromA = k * columns;
      for (int j = 0; j < columns; j++) {
        update[j] += factor * a[fromA + j];
      }
    }
    for (int j = 0; j < columns; j++) {
      rows[at + j] += scaling * update[j];
    }
  }
}
