package dev.assay.job.mine;

import dev.assay.job.failure.SettingsException;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * Settings of mining; {@link MiningRule} says what they do.
 *
 * @param beta β, subtracted from the lowest positive score to give the threshold; in [-1, 1]; at -1
 *     no score is above the threshold
 * @param negatives length of every list; at least 1
 * @param step distance between the candidates that are taken; at least 1
 * @param fallback what happens to a query without a usable candidate
 * @param seed of the random draw
 */
public record MineOptions(double beta, int negatives, int step, Fallback fallback, long seed)
    implements Serializable {

  /** What happens to a query of which no candidate is usable. */
  public enum Fallback {
    /** Negatives are drawn at random from the retrieved ones. */
    RANDOM,
    /** The query is left out. */
    DROP;

    /** As written in the settings: {@code random}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public MineOptions {
    if (!(beta >= -1 && beta <= 1)) {
      throw new SettingsException("mine.beta must be between -1 and 1, not " + beta);
    }
    if (negatives < 1) {
      throw new SettingsException("mine.negatives must be at least 1, not " + negatives);
    }
    if (step < 1) {
      throw new SettingsException("mine.step must be at least 1, not " + step);
    }
    Objects.requireNonNull(fallback, "fallback");
  }

  /** The paper's: β = 0.01, 10 negatives, every fifth, random fallback; seed 0. */
  public static MineOptions defaults() {
    return new MineOptions(0.01, 10, 5, Fallback.RANDOM, 0);
  }
}
