package dev.assay.retrieval;

import java.io.Serializable;
import java.util.Locale;
import java.util.Set;

/**
 * Which candidates a query may not retrieve. Reasons are tried in the order of {@link Reason}.
 *
 * <p>A class and not a record: Spark may serialize it with Kryo, and Spark's version of Kryo does
 * not know records.
 */
public final class Exclusion implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Why a candidate was excluded. */
  public enum Reason {
    /** It is one of the query's own positives. */
    POSITIVE,
    /** It has the same text and image bytes as a positive or as the query. */
    SAME_CONTENT,
    /** It is at least as similar to the query as the limit δ. */
    ABOVE_SIMILARITY;

    /** As written in the tables: {@code same_content}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String[] positives;
  private final String[] contents;
  private final float limit;

  /**
   * @param positives ids of the query's positives
   * @param contents content hashes of the positives and of the query
   * @param limit δ: only candidates strictly below it may be retrieved; positive infinity for no
   *     limit
   */
  public Exclusion(Set<String> positives, Set<String> contents, float limit) {
    if (Float.isNaN(limit)) {
      throw new IllegalArgumentException(
          "The limit of similarity is NaN, but must be a number or infinity");
    }
    this.positives = positives.toArray(String[]::new);
    this.contents = contents.toArray(String[]::new);
    this.limit = limit;
  }

  /** Excludes nothing. */
  public static Exclusion none() {
    return new Exclusion(Set.of(), Set.of(), Float.POSITIVE_INFINITY);
  }

  public float limit() {
    return limit;
  }

  /**
   * Why this candidate is excluded, or null if it is not.
   *
   * @param content its content hash; null if unknown, which equals no other
   */
  Reason reason(String candidateId, String content, float similarity) {
    if (contains(positives, candidateId)) {
      return Reason.POSITIVE;
    }
    if (content != null && contains(contents, content)) {
      return Reason.SAME_CONTENT;
    }
    return similarity >= limit ? Reason.ABOVE_SIMILARITY : null;
  }

  /** A query has few positives, so a linear scan is fastest. */
  private static boolean contains(String[] values, String wanted) {
    for (String value : values) {
      if (value.equals(wanted)) {
        return true;
      }
    }
    return false;
  }
}
