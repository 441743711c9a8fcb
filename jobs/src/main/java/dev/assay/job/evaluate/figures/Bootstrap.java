package dev.assay.job.evaluate.figures;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The percentile bootstrap (Efron, 1979): queries are drawn with replacement, as many as there are,
 * again and again.
 *
 * @param resamples how often; at least 1
 * @param seed the same gives the same draws
 */
public record Bootstrap(int resamples, long seed) {

  /**
   * Means, and their resamples.
   *
   * @param of what the values are of: the same name and number of queries give the same draws, so
   *     that differences between systems are paired
   * @param values [metrics, queries]
   * @return one estimate for each metric
   */
  Estimate[] means(String of, double[][] values) {
    double[][] drawn = new double[values.length][resamples]; // [metrics, resamples]
    IntStream.range(0, resamples)
        .parallel()
        .forEach(
            resample -> {
              double[] means = resampled(of, resample, values);
              for (int metric = 0; metric < means.length; metric++) {
                drawn[metric][resample] = means[metric];
              }
            });
    Estimate[] estimates = new Estimate[values.length];
    for (int metric = 0; metric < values.length; metric++) {
      double mean = Arrays.stream(values[metric]).average().orElseThrow();
      estimates[metric] = new Estimate(mean, drawn[metric]);
    }
    return estimates;
  }

  private double[] resampled(String of, int resample, double[][] values) {
    int queries = values[0].length;
    // Its own generator, so that threads do not matter.
    SplittableRandom random =
        new SplittableRandom(seed * 0x9E3779B97F4A7C15L + ((long) of.hashCode() << 32) + resample);
    double[] sums = new double[values.length];
    for (int i = 0; i < queries; i++) {
      int query = random.nextInt(queries);
      for (int metric = 0; metric < sums.length; metric++) {
        sums[metric] += values[metric][query];
      }
    }
    return Arrays.stream(sums).map(sum -> sum / queries).toArray();
  }
}
