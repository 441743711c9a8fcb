package dev.assay.job.mine;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What became of a candidate of a query: one value a (query, candidate) pair. */
public enum Decision {
  /** Taken as a negative, once or, where {@link Fill#REPEATED}, more than once. */
  KEPT,
  /** One of the query's own positives. */
  POSITIVE,
  /** The same text and image bytes as one of the query's positives, or as the query itself. */
  SAME_CONTENT,
  /**
   * The same text and image bytes as another candidate of the query, which comes first in the order
   * of similarity and stands for both.
   */
  DUPLICATE_CONTENT,
  /** At least as similar to the query as the limit of retrieval allows; never judged. */
  ABOVE_SIMILARITY,
  /** Judged above the threshold: taken for a positive that nobody labelled. */
  FALSE_NEGATIVE,
  /** A usable negative that sampling did not take. */
  NOT_SAMPLED,
  /** Judged above the threshold, but drawn at random because the query had no usable negative. */
  FILLED;

  /** Whether the candidate's score was compared with the threshold. */
  boolean isByScore() {
    return switch (this) {
      case KEPT, FALSE_NEGATIVE, NOT_SAMPLED, FILLED -> true;
      case POSITIVE, SAME_CONTENT, DUPLICATE_CONTENT, ABOVE_SIMILARITY -> false;
    };
  }

  /** As written in the tables: {@code false_negative}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them, as written in the tables. */
  static List<String> labels() {
    return Arrays.stream(values()).map(Decision::label).toList();
  }
}
