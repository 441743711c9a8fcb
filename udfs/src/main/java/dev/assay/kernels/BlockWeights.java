package dev.assay.kernels;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The weights of one block of a model, such as a decoder layer, by name. A kernel reads them by
 * name too, so that their order does not matter and a missing one is an error. Immutable.
 */
public final class BlockWeights {
  private final Map<String, PtNDArray> arrays;

  /**
   * @param arrays by their names within the block, as in a released checkpoint: {@code
   *     self_attn.q_proj.weight}
   */
  public BlockWeights(Map<String, NDArray> arrays) {
    Map<String, PtNDArray> copy = new LinkedHashMap<>();
    arrays.forEach((name, array) -> copy.put(name, (PtNDArray) array));
    this.arrays = Collections.unmodifiableMap(copy);
  }

  /** The names of all weights. */
  public Set<String> names() {
    return arrays.keySet();
  }

  Map<String, PtNDArray> arrays() {
    return arrays;
  }
}
