package dev.assay.checkpoint.adapter;

import java.util.stream.IntStream;

/**
 * What an adapter adds to a weight {@code [out, in]}: {@code scaling * B A}, in float32.
 *
 * @param a {@code [rank, in]}
 * @param b {@code [out, rank]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LowRankUpdate(float[] a, float[] b, int rank, float scaling) {

  /**
   * Adds the update to some rows of the weight.
   *
   * @param rows {@code [count, in]}, changed in place
   * @param first number of the first row within the weight
   */
  public void addTo(float[] rows, long first, int count) {
    int columns = a.length / rank;
    IntStream.range(0, count)
        .parallel()
        .forEach(row -> addTo(rows, row * columns, columns, Math.toIntExact((first + row) * rank)));
  }

  private void addTo(float[] rows, int at, int columns, int fromB) {
    float[] update = new float[columns];
    int k = 0;
    for (; k + 4 <= rank; k += 4) { // twice as fast as one by one
      addFour(update, fromB + k, k * columns);
    }
    for (; k < rank; k++) {
      float b0 = b[fromB + k];
      int a0 = k * columns;
      for (int j = 0; j < columns; j++) {
        update[j] += b0 * a[a0 + j];
      }
    }
    for (int j = 0; j < columns; j++) {
      rows[at + j] += scaling * update[j];
    }
  }

  private void addFour(float[] update, int fromB, int a0) {
    float b0 = b[fromB];
    float b1 = b[fromB + 1];
    float b2 = b[fromB + 2];
    float b3 = b[fromB + 3];
    int a1 = a0 + update.length;
    int a2 = a1 + update.length;
    int a3 = a2 + update.length;
    for (int j = 0; j < update.length; j++) {
      update[j] += b0 * a[a0 + j] + b1 * a[a1 + j] + b2 * a[a2 + j] + b3 * a[a3 + j];
    }
  }
}
