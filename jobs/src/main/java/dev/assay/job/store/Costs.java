package dev.assay.job.store;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the work on missing rows took beside time.
 *
 * @param counts by name, for the job's counts
 * @param words for people; empty if there is nothing to say
 */
public record Costs(SortedMap<String, Long> counts, String words) {
  /** Nothing worth counting. */
  public static final Costs NONE = new Costs(new TreeMap<>(), "");

  public Costs {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }
}
