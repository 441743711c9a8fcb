package dev.assay.job.evaluate.figures;

import java.util.Arrays;
import java.util.List;

/**
 * A figure, and its values on resamples of the queries.
 *
 * @param value on the queries themselves
 * @param resamples on each of the {@link Bootstrap}'s resamples
 */
record Estimate(double value, double[] resamples) {
  /** The share outside the interval on each side: the interval covers 95 %. */
  private static final double TAIL = 0.025;

  /** The interval's lower end: a percentile of the resamples. */
  double low() {
    return quantile(TAIL);
  }

  /** The interval's upper end. */
  double high() {
    return quantile(1 - TAIL);
  }

  /** The paired difference of this from another estimate of the same queries and draws. */
  Estimate minus(Estimate other) {
    double[] differences = new double[resamples.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = resamples[i] - other.resamples[i];
    }
    return new Estimate(value - other.value, differences);
  }

  /** The mean over datasets with equal weights. */
  static Estimate mean(List<Estimate> datasets) {
    double[] means = new double[datasets.get(0).resamples.length];
    for (int i = 0; i < means.length; i++) {
      int at = i;
      means[i] = datasets.stream().mapToDouble(d -> d.resamples[at]).average().orElseThrow();
    }
    double value = datasets.stream().mapToDouble(Estimate::value).average().orElseThrow();
    return new Estimate(value, means);
  }

  /** With linear interpolation between neighbours, as in numpy. */
  private double quantile(double share) {
    double[] sorted = resamples.clone();
    Arrays.sort(sorted);
    double at = share * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = (int) Math.ceil(at);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
