package dev.assay.checkpoint.adapter;

import dev.assay.checkpoint.tensors.TensorNames;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which linear layers an adapter adapts, as PEFT's {@code target_modules} says it: a list of names,
 * each of which means every module that is called so or ends in it after a dot; or one regular
 * expression that has to match the whole name.
 *
 * <p>A module is called as its weight in a released checkpoint is, without {@code .weight}: {@code
 * model.layers.0.self_attn.q_proj}. PEFT sees transformers' own name of it, {@code
 * model.language_model.layers.0.self_attn.q_proj}: either may be meant.
 *
 * @param names empty where there is a pattern
 * @param pattern null where there are names
 */
public record TargetModules(List<String> names, String pattern) {
  public TargetModules {
    names = List.copyOf(names);
    if (names.isEmpty() == (pattern == null)) {
      throw new IllegalArgumentException("target modules are either names or a pattern");
    }
    if (pattern != null) {
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "'%s' is no pattern: %s", pattern, e.getDescription()), e);
      }
    }
  }

  public static TargetModules named(List<String> names) {
    return new TargetModules(names, null);
  }

  public static TargetModules matching(String pattern) {
    return new TargetModules(List.of(), pattern);
  }

  /** Whether a module is among them, in either spelling of its name. */
  public boolean contains(String module) {
    return TensorNames.spellings(module).stream().anyMatch(this::containsExactly);
  }

  /** Whether a module of exactly this name is among them: PEFT's rule, for PEFT's name of it. */
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
