package dev.assay.checkpoint.writing;

import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor's new values, in float32.
 *
 * @param name as in a released checkpoint: {@code model.norm.weight}, or for an adapter {@code
 *     model.layers.0.self_attn.q_proj.lora_A.weight}
 * @param values row by row; called when they are written, and not kept
 */
public record NamedTensor(String name, List<Long> shape, Supplier<float[]> values) {
  public NamedTensor {
    shape = List.copyOf(shape);
  }

  /** A tensor whose values are in memory. */
  public static NamedTensor of(String name, List<Long> shape, float[] values) {
    return new NamedTensor(name, shape, () -> values);
  }
}
