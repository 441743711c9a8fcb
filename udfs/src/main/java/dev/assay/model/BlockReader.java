package dev.assay.model;

import ai.djl.ndarray.NDArray;
import dev.assay.kernels.BlockWeights;
import dev.assay.model.TensorSource.Linear;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the weights of one block, layer by layer, and names them for its kernel: a weight's name
 * there is its name in the checkpoint without the block's prefix.
 */
final class BlockReader {
  private final TensorSource source;
  private final String prefix;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();

  /**
   * @param prefix of the block's tensors, such as {@code model.layers.0.}
   */
  BlockReader(TensorSource source, String prefix) {
    this.source = source;
    this.prefix = prefix;
  }

  /** A norm that has a weight alone. */
  BlockReader rmsNorm(String module, long width) {
    return tensor(module + ".weight", width);
  }

  /** A norm that has a weight and a bias. */
  BlockReader layerNorm(String module, long width) {
    return tensor(module + ".weight", width).tensor(module + ".bias", width);
  }

  /** A linear layer without bias, and its adapter if it has one. */
  BlockReader linear(String module, long out, long in) {
    return tensor(module + ".weight", out, in).adapter(module, out, in);
  }

  /** A linear layer with its bias, and its adapter if it has one. */
  BlockReader biased(String module, long out, long in) {
    return tensor(module + ".weight", out, in)
        .tensor(module + ".bias", out)
        .adapter(module, out, in);
  }

  private BlockReader tensor(String name, long... shape) {
    arrays.put(name, source.tensor(prefix + name, shape));
    return this;
  }

  private BlockReader adapter(String module, long out, long in) {
    source
        .adapter(new Linear(prefix + module, out, in))
        .ifPresent(
            adapter -> {
              arrays.put(module + ".lora_A.weight", adapter.a());
              arrays.put(module + ".lora_B.weight", adapter.b());
              arrays.put("lora", adapter.settings());
            });
    return this;
  }

  BlockWeights weights() {
    return new BlockWeights(arrays);
  }
}
