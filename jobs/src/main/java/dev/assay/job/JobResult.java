package dev.assay.job;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a job did.
 *
 * @param counts what was counted, by name, such as {@code queries} or {@code negatives}; kept in
 *     the manifest
 * @param summary the one line that is printed, without the job's name
 */
public record JobResult(SortedMap<String, Long> counts, String summary) {
  public JobResult {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }
}
