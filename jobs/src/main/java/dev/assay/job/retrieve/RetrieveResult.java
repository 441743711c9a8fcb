package dev.assay.job.retrieve;

import dev.assay.job.JobResult;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What retrieval counted.
 *
 * @param queries queries that were searched for
 * @param candidates candidates that were searched, one for each content of a pool
 * @param retrieved rows of {@code retrieved}
 * @param excluded rows of {@code excluded}
 * @param recall of a search that is not exact
 */
record RetrieveResult(
    long queries, long candidates, long retrieved, long excluded, Optional<Recall> recall) {

  /**
   * @param topK how many candidates a query retrieves
   */
  JobResult toJobResult(int topK) {
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put("queries", queries);
    counts.put("candidates", candidates);
    counts.put("retrieved", retrieved);
    counts.put("excluded", excluded);
    recall.ifPresent(
        measured -> {
          counts.put("recall_exact", measured.exact());
          counts.put("recall_found", measured.found());
        });
    String exactly = recall.map(measured -> "; " + measured.summary(topK)).orElse("");
    return new JobResult(
        counts,
        String.format(
                Locale.ROOT,
                "%,d candidates for %,d queries out of %,d contents; %,d kept out",
                retrieved,
                queries,
                candidates,
                excluded)
            + exactly);
  }
}
