package dev.assay.job;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The result of a job.
 *
 * @param counts numbers by name, such as {@code queries} or {@code negatives}; the manifest keeps
 *     them
 * @param summary the line to print, without the job's name
 */
public record JobResult(SortedMap<String, Long> counts, String summary) {
  public JobResult {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }
}
