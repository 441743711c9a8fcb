package dev.assay.job.train;

import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.TargetModules;
import dev.assay.job.failure.SettingsException;
import dev.assay.model.Tuning;
import java.io.Serializable;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What of a model is trained, as settings say it.
 *
 * @param targets of LoRA: names of modules with commas between, or one pattern
 * @param tensors of full training: a pattern of the tensors that are trained
 */
public record Tune(
    Method method,
    int rank,
    double alpha,
    double dropout,
    String targets,
    boolean rankStabilized,
    String tensors)
    implements Serializable {
  /** How much of a model is trained. */
  public enum Method {
    LORA,
    FULL
  }

  private static final Pattern NAMES = Pattern.compile("[\\w.]+(\\s*,\\s*[\\w.]+)*");

  public Tune {
    try {
      tuning(method, rank, alpha, dropout, targets, rankStabilized, tensors);
    } catch (PatternSyntaxException e) {
      throw new SettingsException(
          "'" + tensors + "' is no pattern of tensors: " + e.getDescription(), e);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("Cannot train an adapter: " + e.getMessage(), e);
    }
  }

  /** The same for a model. */
  Tuning tuning() {
    return tuning(method, rank, alpha, dropout, targets, rankStabilized, tensors);
  }

  private static Tuning tuning(
      Method method,
      int rank,
      double alpha,
      double dropout,
      String targets,
      boolean rankStabilized,
      String tensors) {
    return switch (method) {
      case LORA ->
          new Tuning.Lora(new LoraConfig(rank, alpha, dropout, modules(targets), rankStabilized));
      case FULL -> new Tuning.Full(Pattern.compile(tensors));
    };
  }

  private static TargetModules modules(String targets) {
    String text = targets.strip();
    return NAMES.matcher(text).matches()
        ? TargetModules.named(Arrays.asList(text.split("\\s*,\\s*")))
        : TargetModules.matching(text);
  }
}
