package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** One step of a model. */
@FunctionalInterface
public interface Layer {
  /**
   * @param x {@code [n, in]}, which is not closed
   * @return {@code [n, out]}, owned by {@code scope}
   */
  NDArray apply(NDManager scope, NDArray x);
}
