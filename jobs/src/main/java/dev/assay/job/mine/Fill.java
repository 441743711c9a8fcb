package dev.assay.job.mine;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a query's list of negatives was filled. */
public enum Fill {
  /** Enough usable candidates: every negative of the list is another candidate. */
  COMPLETE,
  /** Too few usable candidates: the list starts over until it is full. */
  REPEATED,
  /** No usable candidate: drawn from the retrieved ones, each with score 1. */
  RANDOM;

  /** As written in the tables: {@code complete}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them, as written in the tables. */
  static List<String> labels() {
    return Arrays.stream(values()).map(Fill::label).toList();
  }
}
