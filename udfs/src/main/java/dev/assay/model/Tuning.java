package dev.assay.model;

import dev.assay.checkpoint.adapter.LoraConfig;
import java.util.regex.Pattern;

/** What of a model is trained. */
public sealed interface Tuning {
  /** Adapters beside linear layers; the checkpoint's own weights stay as they are. */
  record Lora(LoraConfig config) implements Tuning {}

  /**
   * The checkpoint's own weights.
   *
   * @param tensors has to match the whole name of a tensor that is trained, such as {@code
   *     (?!visual\.).*} for all but the vision tower
   */
  record Full(Pattern tensors) implements Tuning {}
}
