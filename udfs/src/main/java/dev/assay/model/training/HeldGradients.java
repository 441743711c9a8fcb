package dev.assay.model.training;

import ai.djl.ndarray.NDArray;
import java.util.function.Predicate;

/** The gradients of the trained tensors, summed over backward passes until they are taken. */
interface HeldGradients extends AutoCloseable {
  /**
   * Runs a backward pass and adds the gradients that it gives.
   *
   * @param reached names of all tensors that the pass can reach
   */
  void backward(Predicate<String> reached, Runnable pass);

  /** Whether the gradient of the table of embeddings comes by rows, to {@link #addRows}. */
  boolean takesRows();

  /**
   * Adds to some rows of a matrix.
   *
   * @param gradient {@code [rows, columns]}, float32
   */
  void addRows(int parameter, long[] rows, NDArray gradient);

  /** The sums of some numbers. With the last number of a parameter all of it is cleared. */
  float[] take(Piece piece);

  void clear(int parameter);

  @Override
  default void close() {}
}
