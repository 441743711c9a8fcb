package dev.assay.job.evaluate.figures;

import java.util.List;
import java.util.Locale;

/** What searches what. */
public enum Direction {
  /** Each query searches all candidates for its positives. */
  QUERY_TO_CANDIDATE(ranking()),

  /** Each candidate that is a positive searches all queries for its queries. */
  CANDIDATE_TO_QUERY(ranking()),

  /** Each query chooses its positive among the candidates that were given with it. */
  CHOICES(List.of(Metric.PRECISION_AT_1));

  private final List<Metric> metrics;

  Direction(List<Metric> metrics) {
    this.metrics = metrics;
  }

  private static List<Metric> ranking() {
    return List.of(
        Metric.RECALL_AT_1, Metric.RECALL_AT_5, Metric.RECALL_AT_10, Metric.MRR, Metric.NDCG_AT_10);
  }

  /** The metrics of this direction. */
  List<Metric> metrics() {
    return metrics;
  }

  /** The name in tables: {@code query_to_candidate}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
