package dev.assay.train.loss;

import java.util.stream.IntStream;

/**
 * Computes a loss on each query's cosines to its own candidates, and its gradients at the vectors.
 * Queries run in parallel and are summed in order, so the result does not depend on the number of
 * cores.
 */
final class OwnCandidates {
  /** A loss on the cosines of one query. */
  interface Loss {
    Pull of(int query, double[] cosines);
  }

  /**
   * The loss of one query.
   *
   * @param loss its value
   * @param slope its derivative at each cosine
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Pull(double loss, double[] slope) {}

  private OwnCandidates() {}

  static ContrastiveLoss.Value value(float[][] queries, float[][][] candidates, Loss loss) {
    int n = queries.length;
    double[] losses = new double[n];
    float[][] ofQueries = new float[n][];
    float[][][] ofCandidates = new float[n][][];
    IntStream.range(0, n)
        .parallel()
        .forEach(
            i -> {
              Pull pull = loss.of(i, cosines(queries[i], candidates[i]));
              losses[i] = pull.loss();
              ofQueries[i] = atQuery(pull.slope(), candidates[i], queries[i].length);
              ofCandidates[i] = atCandidates(pull.slope(), queries[i]);
            });
    double sum = 0;
    for (double one : losses) {
      sum += one;
    }
    return new ContrastiveLoss.Value(sum, ofQueries, ofCandidates);
  }

  private static double[] cosines(float[] query, float[][] candidates) {
    double[] cosines = new double[candidates.length];
    for (int c = 0; c < cosines.length; c++) {
      float[] candidate = candidates[c];
      for (int i = 0; i < query.length; i++) {
        cosines[c] += (double) query[i] * candidate[i];
      }
    }
    return cosines;
  }

  private static float[] atQuery(double[] slope, float[][] candidates, int width) {
    double[] sum = new double[width];
    for (int c = 0; c < slope.length; c++) {
      for (int i = 0; i < width; i++) {
        sum[i] += slope[c] * candidates[c][i];
      }
    }
    float[] gradient = new float[width];
    for (int i = 0; i < width; i++) {
      gradient[i] = (float) sum[i];
    }
    return gradient;
  }

  private static float[][] atCandidates(double[] slope, float[] query) {
    float[][] gradients = new float[slope.length][query.length];
    for (int c = 0; c < slope.length; c++) {
      for (int i = 0; i < query.length; i++) {
        gradients[c][i] = (float) (slope[c] * query[i]);
      }
    }
    return gradients;
  }

  static void requirePositive(double temperature) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature is " + temperature + ", but must be finite and above 0");
    }
  }
}
