package dev.assay.job.train;

import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.TargetModules;
import dev.assay.job.failure.SettingsException;
import dev.assay.model.training.Tuning;
import java.io.Serializable;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which parameters of a model are trained, as settings say it. */
public sealed interface Tune extends Serializable {
  /** The values of the setting {@code method}. */
  enum Method {
    LORA,
    FULL
  }

  /** The values of the setting {@code full.gradients}. */
  enum Gradients {
    MEMORY,
    DISK,
    AUTO;

    /** Whether a whole model's gradients are summed in a file. */
    public boolean onDisk(boolean gpu) {
      return this == DISK || this == AUTO && !gpu;
    }
  }

  /** The choice in the terms of a model. */
  Tuning tuning();

  /**
   * Trains a LoRA adapter.
   *
   * @param targets names of modules with commas between, or one pattern
   */
  record Lora(int rank, double alpha, double dropout, String targets, boolean rankStabilized)
      implements Tune {
    private static final Pattern NAMES = Pattern.compile("[\\w.]+(\\s*,\\s*[\\w.]+)*");

    public Lora {
      try {
        config(rank, alpha, dropout, targets, rankStabilized);
      } catch (PatternSyntaxException e) {
        throw new SettingsException(
            "Cannot train an adapter: '"
                + targets
                + "' is not a pattern of module names: "
                + e.getDescription(),
            e);
      } catch (IllegalArgumentException e) {
        throw new SettingsException("Cannot train an adapter: " + e.getMessage(), e);
      }
    }

    @Override
    public Tuning tuning() {
      return new Tuning.Lora(config(rank, alpha, dropout, targets, rankStabilized));
    }

    private static LoraConfig config(
        int rank, double alpha, double dropout, String targets, boolean rankStabilized) {
      return new LoraConfig(rank, alpha, dropout, modules(targets), rankStabilized);
    }

    private static TargetModules modules(String targets) {
      String text = targets.strip();
      return NAMES.matcher(text).matches()
          ? TargetModules.named(Arrays.asList(text.split("\\s*,\\s*")))
          : TargetModules.matching(text);
    }
  }

  /**
   * Trains tensors of the checkpoint themselves.
   *
   * @param tensors a pattern of their names
   */
  record Full(String tensors) implements Tune {
    public Full {
      try {
        Pattern.compile(tensors);
      } catch (PatternSyntaxException e) {
        throw new SettingsException(
            "'" + tensors + "' is not a pattern of tensor names: " + e.getDescription(), e);
      }
    }

    @Override
    public Tuning tuning() {
      return new Tuning.Full(Pattern.compile(tensors));
    }
  }
}
