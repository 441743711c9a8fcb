package dev.assay.model.training;

import dev.assay.checkpoint.adapter.LoraConfig;
import java.util.regex.Pattern;

/** Which weights of a model are trained. */
public sealed interface Tuning {
  /** Adapters beside linear layers. The checkpoint's own weights are frozen. */
  record Lora(LoraConfig config) implements Tuning {}

  /**
   * The checkpoint's own weights.
   *
   * @param tensors matches the whole names of the trained tensors: {@code (?!visual\.).*} is all
   *     but the vision tower
   */
  record Full(Pattern tensors) implements Tuning {}
}
