package dev.assay.retrieval;

import ai.djl.ndarray.NDArray;

/**
 * Vectors as a device multiplies them.
 *
 * @param numbers [rows, dimensions]
 * @param scaled how, for each row, or once for all
 */
record Operands(NDArray numbers, Scaled[] scaled) implements AutoCloseable {

  /**
   * Vectors of one scale.
   *
   * @param scale what a number times this stands for; 1 but for int8
   * @param magnitude of the vectors and of what their precision changes
   */
  record Scaled(double scale, Magnitude magnitude) {}

  Operands(NDArray numbers, Magnitude magnitude) {
    this(numbers, new Scaled[] {new Scaled(1, magnitude)});
  }

  Scaled row(int row) {
    return scaled[scaled.length == 1 ? 0 : row];
  }

  @Override
  public void close() {
    numbers.close();
  }
}
