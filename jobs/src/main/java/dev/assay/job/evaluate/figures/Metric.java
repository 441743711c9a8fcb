package dev.assay.job.evaluate.figures;

import java.util.stream.IntStream;

/**
 * A metric of one query's ranking, from 0 to 1. A figure is its mean over queries.
 *
 * <p>MLlib's {@code RankingMetrics} is not used. It returns only means, while intervals and paired
 * differences need the value of each query, and it has neither hit rate nor reciprocal rank. A test
 * compares the means with it where the definitions agree (NDCG; recall where a query has one
 * positive).
 */
public enum Metric {
  /** R@1 of retrieval papers: whether a positive is the first. */
  RECALL_AT_1("R@1") {
    @Override
    double of(int[] ranks, int positives) {
      return hit(ranks, 1);
    }
  },

  /** Whether there is a positive among the first five. */
  RECALL_AT_5("R@5") {
    @Override
    double of(int[] ranks, int positives) {
      return hit(ranks, 5);
    }
  },

  /** Whether there is a positive among the first ten. */
  RECALL_AT_10("R@10") {
    @Override
    double of(int[] ranks, int positives) {
      return hit(ranks, 10);
    }
  },

  /** Reciprocal rank of the first positive, counted from 1; 0 where none was retrieved. */
  MRR("MRR") {
    @Override
    double of(int[] ranks, int positives) {
      return ranks.length == 0 ? 0 : 1.0 / (ranks[0] + 1);
    }
  },

  /** NDCG of the first ten, with equal gain for all positives (Järvelin and Kekäläinen, 2002). */
  NDCG_AT_10("NDCG@10") {
    @Override
    double of(int[] ranks, int positives) {
      double gain = IntStream.of(ranks).filter(rank -> rank < 10).mapToDouble(Metric::gain).sum();
      double best = IntStream.range(0, Math.min(10, positives)).mapToDouble(Metric::gain).sum();
      return gain / best;
    }
  },

  /** Whether the right choice scores strictly higher than every other. */
  PRECISION_AT_1("P@1") {
    @Override
    double of(int[] ranks, int positives) {
      return hit(ranks, 1);
    }
  };

  private final String label;

  Metric(String label) {
    this.label = label;
  }

  /** The name in papers and tables: {@code R@1}. */
  String label() {
    return label;
  }

  /**
   * The value of one query.
   *
   * @param ranks of its positives that were retrieved; ascending, 0 is the first
   * @param positives how many the query has, at least 1
   */
  abstract double of(int[] ranks, int positives);

  private static double hit(int[] ranks, int k) {
    return ranks.length > 0 && ranks[0] < k ? 1 : 0;
  }

  private static double gain(int rank) {
    return 1 / (Math.log(rank + 2) / Math.log(2));
  }
}
