package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/** Where a model's weights come from: {@link Weights}, or a check that they could. */
interface TensorSource {
  /**
   * The tensor of that name.
   *
   * @throws dev.assay.checkpoint.CheckpointException if it is missing or of another shape
   */
  NDArray tensor(String name, long... shape);

  /**
   * What stands beside the linear layers of one block: A and B of each, empty arrays where it is
   * not adapted; nothing at all where none of them is.
   */
  default NDList adapters(List<Linear> layers) {
    return new NDList();
  }

  /**
   * A linear layer.
   *
   * @param module its weight's name without {@code .weight}
   * @param out numbers that come out
   * @param in numbers that go in
   */
  record Linear(String module, long out, long in) {
    String weight() {
      return module + ".weight";
    }

    String bias() {
      return module + ".bias";
    }
  }
}
