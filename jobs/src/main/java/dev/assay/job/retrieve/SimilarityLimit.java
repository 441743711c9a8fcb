package dev.assay.job.retrieve;

import dev.assay.job.failure.SettingsException;
import java.io.Serializable;
import java.util.Locale;

/**
 * δ: a candidate that is at least so similar to the query is taken for a positive that nobody
 * labelled. Only candidates strictly below it are retrieved.
 *
 * @param kind where δ comes from
 * @param value δ itself for {@link Kind#NUMBER}, otherwise 0
 */
public record SimilarityLimit(Kind kind, float value) implements Serializable {

  /** Where δ comes from. */
  public enum Kind {
    /**
     * The query's similarity with its own positive. With several positives it is the lowest
     * similarity, so that a retrieved candidate is less similar than each of them.
     */
    POSITIVE,
    /** There is no limit. */
    NONE,
    /** A number for all queries. */
    NUMBER
  }

  public static SimilarityLimit positive() {
    return new SimilarityLimit(Kind.POSITIVE, 0);
  }

  public static SimilarityLimit none() {
    return new SimilarityLimit(Kind.NONE, 0);
  }

  /**
   * @throws SettingsException if this is no cosine
   */
  public static SimilarityLimit below(double value) {
    if (!(value >= -1 && value <= 1)) {
      throw new SettingsException(
          "retrieve.max-similarity must be positive, none, or a number from -1 to 1, not " + value);
    }
    return new SimilarityLimit(Kind.NUMBER, (float) value);
  }

  /**
   * Reads {@code positive}, {@code none} or a number.
   *
   * @throws SettingsException if it is neither
   */
  public static SimilarityLimit parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "positive" -> positive();
      case "none" -> none();
      default -> below(number(text));
    };
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new SettingsException(
          "retrieve.max-similarity must be positive, none, or a number from -1 to 1, not " + text);
    }
  }

  /** As written in the settings. */
  public String label() {
    return kind == Kind.NUMBER ? Float.toString(value) : kind.name().toLowerCase(Locale.ROOT);
  }
}
