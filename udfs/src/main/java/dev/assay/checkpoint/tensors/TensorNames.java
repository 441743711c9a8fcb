package dev.assay.checkpoint.tensors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The spellings of a tensor's or module's name. Released checkpoints say {@code model.layers.0…},
 * {@code visual.…} and {@code lm_head.weight}. Others:
 *
 * <ul>
 *   <li>transformers since 4.52 calls its modules {@code model.language_model.layers.0…} and {@code
 *       model.visual.…}
 *   <li>saved by {@code AutoModel}, without the head, they are {@code language_model.layers.0…} and
 *       {@code visual.…}; before 4.52 {@code layers.0…}
 *   <li>other wrappers have a language model with a head: {@code language_model.model.layers.0…}
 *   <li>PEFT, data-parallel training and {@code torch.compile} add prefixes of their own
 * </ul>
 */
public final class TensorNames {
  private static final String PEFT = "base_model.model.";
  private static final List<String> WRAPPERS = List.of(PEFT, "module.", "_orig_mod.");

  private static final String DECODER = "model.";
  private static final String TOWER = "visual.";
  private static final String HEAD = "lm_head.";

  private static final String NESTED = "model.";
  private static final String NESTED_DECODER = "language_model.";

  /** Prefixes and the released ones that they stand for. The first that matches counts. */
  private static final Map<String, String> RELEASED = new LinkedHashMap<>();

  static {
    RELEASED.put("model.language_model.", DECODER);
    RELEASED.put("model.visual.", TOWER);
    RELEASED.put("language_model.model.", DECODER);
    RELEASED.put("language_model.lm_head.", HEAD);
    RELEASED.put("language_model.", DECODER);
    RELEASED.put("layers.", DECODER + "layers.");
    RELEASED.put("embed_tokens.", DECODER + "embed_tokens.");
    RELEASED.put("norm.", DECODER + "norm.");
  }

  private TensorNames() {}

  /** The released name, however it is spelled. */
  public static String released(String spelled) {
    String name = spelled;
    for (String wrapper : WRAPPERS) {
      if (name.startsWith(wrapper)) {
        name = name.substring(wrapper.length());
      }
    }
    for (Map.Entry<String, String> prefix : RELEASED.entrySet()) {
      if (name.startsWith(prefix.getKey())) {
        return prefix.getValue() + name.substring(prefix.getKey().length());
      }
    }
    return name;
  }

  /** What transformers calls it in a model with a head, however it is spelled. */
  public static String nested(String name) {
    String alone = alone(name);
    return alone.startsWith(HEAD) ? alone : NESTED + alone;
  }

  /** What transformers calls it in a model without a head, however it is spelled. */
  private static String alone(String name) {
    String released = released(name);
    return released.startsWith(DECODER)
        ? NESTED_DECODER + released.substring(DECODER.length())
        : released;
  }

  /** All names of a module that an adapter's settings may mean. */
  public static List<String> spellings(String module) {
    return List.of(released(module), nested(module), alone(module));
  }

  /** What PEFT calls an adapter's tensor. */
  public static String peft(String name) {
    return PEFT + nested(name);
  }
}
