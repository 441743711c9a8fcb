package dev.assay.job.evaluate.figures;

import java.util.List;
import java.util.Locale;

/** What is asked of what. */
public enum Direction {
  /** Each query is asked for its positives among all candidates. */
  QUERY_TO_CANDIDATE(ranking()),

  /** Each candidate that is a positive is asked for its queries among all queries. */
  CANDIDATE_TO_QUERY(ranking()),

  /** Each query is asked for its positive among the candidates that were given with it. */
  CHOICES(List.of(Metric.PRECISION_AT_1));

  private final List<Metric> metrics;

  Direction(List<Metric> metrics) {
    this.metrics = metrics;
  }

  private static List<Metric> ranking() {
    return List.of(
        Metric.RECALL_AT_1, Metric.RECALL_AT_5, Metric.RECALL_AT_10, Metric.MRR, Metric.NDCG_AT_10);
  }

  /** What it is measured by. */
  List<Metric> metrics() {
    return metrics;
  }

  /** As tables have it: {@code query_to_candidate}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
