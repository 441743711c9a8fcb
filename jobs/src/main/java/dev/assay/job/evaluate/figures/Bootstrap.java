package dev.assay.job.evaluate.figures;

import dev.assay.random.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The percentile bootstrap (Efron, 1979): each resample draws as many queries as there are, with
 * replacement.
 *
 * @param resamples how many; at least 1
 * @param seed equal seeds give equal draws
 */
public record Bootstrap(int resamples, long seed) {

  /**
   * Means with their resamples.
   *
   * @param of names the queries: an equal name and number of queries gives equal draws, so that
   *     differences between systems are paired
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
    // Each resample has its own generator, so that the number of threads does not matter.
    SplittableRandom random = new SplittableRandom(Seeds.mix(seed, of, resample));
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
