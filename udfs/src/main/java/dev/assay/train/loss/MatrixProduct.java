package dev.assay.train.loss;

import java.util.stream.IntStream;

/**
 * Products of dense matrices. Blocks of rows run in parallel, and every number is summed in the
 * order of the inner index, so the result has the same bits on any number of cores.
 *
 * <p>The innermost loop adds a multiple of one row to another. The JVM compiles that to vector
 * instructions. It must not do so for a sum of products, because the order of addition would
 * change.
 */
final class MatrixProduct {
  private static final int ROWS = 32;
  private static final int COLUMNS = 512; // a tile of ROWS x COLUMNS fits into the cache of a core

  private MatrixProduct() {}

  /** The product of {@code a [n][k]} and {@code b [k][m]}: {@code [n][m]}. */
  static double[][] of(double[][] a, double[][] b) {
    int columns = b.length == 0 ? 0 : b[0].length;
    double[][] product = new double[a.length][columns];
    IntStream.range(0, (a.length + ROWS - 1) / ROWS)
        .parallel()
        .forEach(
            block -> {
              int first = block * ROWS;
              int end = Math.min(a.length, first + ROWS);
              for (int from = 0; from < columns; from += COLUMNS) {
                tile(a, b, product, first, end, from, Math.min(columns, from + COLUMNS));
              }
            });
    return product;
  }

  private static void tile(
      double[][] a, double[][] b, double[][] product, int first, int end, int from, int to) {
    for (int k = 0; k < b.length; k++) {
      for (int row = first; row < end; row++) {
        add(product[row], a[row][k], b[k], from, to);
      }
    }
  }

  private static void add(double[] sum, double factor, double[] row, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += factor * row[i];
    }
  }

  static double[][] transposed(double[][] a) {
    double[][] turned = new double[a.length == 0 ? 0 : a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < turned.length; j++) {
        turned[j][i] = a[i][j];
      }
    }
    return turned;
  }
}
