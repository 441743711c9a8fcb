package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** One of the steps by which a model turns rows of numbers into others. */
@FunctionalInterface
interface Layer {
  /**
   * @param x {@code [n, in]}, left open
   * @return {@code [n, out]}, owned by {@code scope}
   */
  NDArray apply(NDManager scope, NDArray x);
}
