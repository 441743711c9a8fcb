package dev.assay.model;

import ai.djl.ndarray.NDArray;

/** Where a model's weights come from: {@link Weights}, or a check that they could. */
interface TensorSource {
  /**
   * The tensor of that name.
   *
   * @throws dev.assay.checkpoint.CheckpointException if it is missing or of another shape
   */
  NDArray tensor(String name, long... shape);
}
