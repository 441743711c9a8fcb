package dev.assay.job.evaluate.figures;

import java.util.Arrays;
import java.util.List;

/**
 * A figure, and what it would have been on other queries like these.
 *
 * @param value on the queries themselves
 * @param resamples on each of the {@link Bootstrap}'s resamples
 */
record Estimate(double value, double[] resamples) {
  /** What lies outside the interval on each side: it covers 95 %. */
  private static final double TAIL = 0.025;

  /** The interval's lower end: a percentile of the resamples. */
  double low() {
    return quantile(TAIL);
  }

  /** The interval's upper end. */
  double high() {
    return quantile(1 - TAIL);
  }

  /** How much more this is than another, of the same queries and draws: a paired difference. */
  Estimate minus(Estimate other) {
    double[] differences = new double[resamples.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = resamples[i] - other.resamples[i];
    }
    return new Estimate(value - other.value, differences);
  }

  /** The mean over datasets, each counting the same. */
  static Estimate mean(List<Estimate> datasets) {
    double[] means = new double[datasets.get(0).resamples.length];
    for (int i = 0; i < means.length; i++) {
      int at = i;
      means[i] = datasets.stream().mapToDouble(d -> d.resamples[at]).average().orElseThrow();
    }
    double value = datasets.stream().mapToDouble(Estimate::value).average().orElseThrow();
    return new Estimate(value, means);
  }

  /** With linear interpolation between neighbours, as numpy has it. */
  private double quantile(double share) {
    double[] sorted = resamples.clone();
    Arrays.sort(sorted);
    double at = share * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = (int) Math.ceil(at);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
