package dev.assay.model;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/** Where a model's weights come from: {@link Weights}, or a check that they could. */
public interface TensorSource {
  /**
   * The tensor of that name.
   *
   * @throws dev.assay.checkpoint.CheckpointException if it is missing or of another shape
   */
  NDArray tensor(String name, long... shape);

  /** The LoRA adapter beside a linear layer; empty if the layer has none. */
  default Optional<Adapter> adapter(Linear layer) {
    return Optional.empty();
  }

  /**
   * A linear layer.
   *
   * @param module its weight's name without {@code .weight}
   * @param out numbers that come out
   * @param in numbers that go in
   */
  record Linear(String module, long out, long in) {}

  /**
   * A LoRA adapter (arXiv 2106.09685).
   *
   * @param a {@code [rank, in]}
   * @param b {@code [out, rank]}
   * @param settings {@code [2]}, on the host: scaling and dropout
   */
  record Adapter(NDArray a, NDArray b, NDArray settings) {}
}
