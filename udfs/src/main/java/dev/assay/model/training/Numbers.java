package dev.assay.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.kernels.Kernels;

/**
 * Reads and writes numbers of arrays as float32, whatever the array is in, counted row by row.
 *
 * @param host for arguments that kernels read on the host
 */
record Numbers(Kernels kernels, NDManager host) {
  float[] of(NDArray array, int from, int to) {
    try (NDManager scope = array.getManager().newSubManager();
        NDArray start = host.create((long) from);
        NDArray count = host.create((long) to - from)) {
      return kernels.apply(scope, "numbers", array, start, count).toFloatArray();
    }
  }

  /** Changes an array outside of any graph; values are rounded to its precision. */
  void set(NDArray array, int from, float[] values) {
    try (NDManager scope = array.getManager().newSubManager();
        NDArray start = host.create((long) from)) {
      kernels.apply(scope, "set_numbers", array, start, scope.create(values));
    }
  }
}
