package dev.assay.model.training;

import java.io.Serializable;
import java.util.List;

/**
 * A trained tensor.
 *
 * @param name its name in a released checkpoint, {@code model.norm.weight}, or for an adapter
 *     {@code model.layers.0.self_attn.q_proj.lora_A.weight}
 */
public record Parameter(String name, List<Long> shape) implements Serializable {
  public Parameter {
    shape = List.copyOf(shape);
  }

  /** The number of its elements. */
  public int size() {
    return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
  }
}
