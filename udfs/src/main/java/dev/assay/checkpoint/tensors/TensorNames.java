package dev.assay.checkpoint.tensors;

/**
 * The spellings of names. Released checkpoints say {@code model.layers.0…}, {@code visual.…},
 * {@code lm_head.weight}; transformers since 4.52 calls its modules {@code
 * model.language_model.layers.0…} and {@code model.visual.…}, and so do newer dumps. PEFT puts
 * {@code base_model.model.} in front of what transformers said when an adapter was saved.
 */
public final class TensorNames {
  private static final String PEFT = "base_model.model.";
  private static final String DECODER = "model.";
  private static final String NESTED_DECODER = "model.language_model.";
  private static final String TOWER = "visual.";
  private static final String NESTED_TOWER = "model.visual.";

  private TensorNames() {}

  /** The released name of a tensor or module, however it is spelled. */
  public static String released(String spelled) {
    String name = spelled.startsWith(PEFT) ? spelled.substring(PEFT.length()) : spelled;
    if (name.startsWith(NESTED_DECODER)) {
      return DECODER + name.substring(NESTED_DECODER.length());
    }
    if (name.startsWith(NESTED_TOWER)) {
      return TOWER + name.substring(NESTED_TOWER.length());
    }
    return name;
  }

  /** What transformers calls a tensor or module, however it is spelled. */
  public static String nested(String name) {
    String released = released(name);
    if (released.startsWith(TOWER)) {
      return NESTED_TOWER + released.substring(TOWER.length());
    }
    if (released.startsWith(DECODER)) {
      return NESTED_DECODER + released.substring(DECODER.length());
    }
    return released;
  }

  /** What PEFT calls an adapter's tensor. */
  public static String peft(String name) {
    return PEFT + nested(name);
  }
}
