package dev.assay.checkpoint.adapter;

import dev.assay.checkpoint.tensors.TensorNames;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The linear layers that an adapter adapts, as in PEFT's {@code target_modules}. Either a list of
 * names: each matches the module of that name, and every module whose name ends in it after a dot.
 * Or one regular expression that must match the whole name.
 *
 * <p>The name of a module is that of its weight in a released checkpoint, without {@code .weight}:
 * {@code model.layers.0.self_attn.q_proj}. Names that transformers gives it, such as {@code
 * model.language_model.layers.0.self_attn.q_proj}, match as well.
 *
 * @param names empty where there is a pattern
 * @param pattern null where there are names
 */
public record TargetModules(List<String> names, String pattern) {
  public TargetModules {
    names = List.copyOf(names);
    if (names.isEmpty() == (pattern == null)) {
      throw new IllegalArgumentException(
          "target_modules must be a list of names, or one regular expression");
    }
    if (pattern != null) {
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "'%s' is not a regular expression: %s".formatted(pattern, e.getDescription()), e);
      }
    }
  }

  public static TargetModules named(List<String> names) {
    return new TargetModules(names, null);
  }

  public static TargetModules matching(String pattern) {
    return new TargetModules(List.of(), pattern);
  }

  /** Whether a module is among them, in any spelling of its name. */
  public boolean contains(String module) {
    return TensorNames.spellings(module).stream().anyMatch(this::containsExactly);
  }

  /** Whether a module of exactly this name is among them. */
  public boolean containsExactly(String module) {
    return pattern == null
        ? names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name))
        : Pattern.matches(pattern, module);
  }

  @Override
  public String toString() {
    return pattern == null ? String.join(", ", names) : pattern;
  }
}
