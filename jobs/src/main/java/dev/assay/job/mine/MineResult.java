package dev.assay.job.mine;

import dev.assay.job.JobResult;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What mining counted.
 *
 * @param queries queries that mining read
 * @param mined queries that have a list of negatives
 * @param lists rows of {@code negatives}, by fill
 * @param decisions rows of {@code decisions}, by decision
 */
record MineResult(
    long queries, long mined, SortedMap<String, Long> lists, SortedMap<String, Long> decisions) {

  JobResult toJobResult() {
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put("queries", queries);
    counts.put("mined", mined);
    counts.put("negatives", total(lists));
    lists.forEach((fill, n) -> counts.put("fill." + fill, n));
    decisions.forEach((decision, n) -> counts.put("decision." + decision, n));
    return new JobResult(counts, summary());
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d queries, %,d lists of negatives%s; %,d decisions%s",
        mined,
        queries,
        total(lists),
        inWords(lists),
        total(decisions),
        inWords(decisions));
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String inWords(Map<String, Long> counts) {
    return counts.isEmpty()
        ? ""
        : counts.entrySet().stream()
            .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
            .collect(Collectors.joining(", ", " (", ")"));
  }
}
