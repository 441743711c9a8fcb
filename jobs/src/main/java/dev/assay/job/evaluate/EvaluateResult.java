package dev.assay.job.evaluate;

import dev.assay.job.JobResult;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was evaluated.
 *
 * @param systems that were evaluated
 * @param missing systems that were requested and whose models do not exist
 * @param queries that have a positive
 * @param datasets of these queries
 * @param withoutPositive queries that were left out, since they have no positive
 * @param outsidePool positives in another pool than their query, which cannot be found
 */
record EvaluateResult(
    List<EvaluatedSystem> systems,
    List<EvaluatedSystem> missing,
    long queries,
    long datasets,
    long withoutPositive,
    long outsidePool) {

  JobResult toJobResult() {
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put("systems", (long) systems.size());
    counts.put("queries", queries);
    counts.put("datasets", datasets);
    counts.put("queries_without_positive", withoutPositive);
    counts.put("positives_outside_pool", outsidePool);
    StringBuilder summary = new StringBuilder();
    summary.append(
        String.format(
            Locale.ROOT, "%s on %,d queries of %,d datasets", words(systems), queries, datasets));
    if (!missing.isEmpty()) {
      summary.append("; no model for ").append(words(missing));
    }
    if (withoutPositive > 0) {
      summary.append(
          String.format(Locale.ROOT, "; %,d queries without a positive left out", withoutPositive));
    }
    if (outsidePool > 0) {
      summary.append(
          String.format(
              Locale.ROOT,
              "; %,d positives are of another dataset than their query and are not found"
                  + " (assay.evaluate.pool = global looks there)",
              outsidePool));
    }
    return new JobResult(counts, summary.toString());
  }

  static String words(List<EvaluatedSystem> systems) {
    return systems.stream().map(EvaluatedSystem::label).collect(Collectors.joining(", "));
  }
}
