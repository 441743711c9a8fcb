package dev.assay.train.loss;

import dev.assay.math.LogSoftmax;

/**
 * UniME-V2's loss (arXiv 2510.13515): the distribution of a query's similarities to its positive
 * and its own negatives is trained towards the distribution of the judge's scores.
 *
 * <p>P = softmax(scores / &tau;), Q = softmax(cosines / &tau;), and the loss of a query is the
 * symmetric divergence
 *
 * <pre>
 * &frac12; &Sigma; P (ln P - ln(Q + &epsilon;)) + &frac12; &Sigma; Q (ln Q - ln(P + &epsilon;))
 * </pre>
 *
 * with &epsilon; = 1e-8. As in the authors' code ({@code SoftLabelSoftKLContrastiveLoss}: {@code
 * torch.nn.functional.kl_div} of {@code log(softmax + 1e-8)}), &epsilon; is added only within the
 * second logarithm. So the loss of equal distributions is about -n &epsilon; and not 0.
 *
 * @param temperature &tau;, of both; 0.02 in the paper
 */
public record DistributionAlignment(double temperature) implements ContrastiveLoss {
  private static final long serialVersionUID = 1L;
  private static final double EPSILON = 1e-8;

  public DistributionAlignment {
    OwnCandidates.requirePositive(temperature);
  }

  @Override
  public boolean acrossQueries() {
    return false;
  }

  @Override
  public Value of(float[][] queries, float[][][] candidates, float[][] scores) {
    return OwnCandidates.value(
        queries, candidates, (query, cosines) -> align(cosines, scores[query]));
  }

  private OwnCandidates.Pull align(double[] cosines, float[] scores) {
    int n = cosines.length;
    double[] wanted = new double[n];
    for (int i = 0; i < n; i++) {
      wanted[i] = scores[i];
    }
    double[] logP = LogSoftmax.of(wanted, temperature);
    double[] logQ = LogSoftmax.of(cosines, temperature);
    double loss = 0;
    double mean = 0; // of the slope, under Q
    double[] slope = new double[n]; // of the loss at Q
    for (int i = 0; i < n; i++) {
      double p = Math.exp(logP[i]);
      double q = Math.exp(logQ[i]);
      double logNearP = Math.log(p + EPSILON);
      double logNearQ = Math.log(q + EPSILON);
      loss += (p * (logP[i] - logNearQ) + q * (logQ[i] - logNearP)) / 2;
      slope[i] = (logQ[i] + 1 - logNearP - p / (q + EPSILON)) / 2;
      mean += q * slope[i];
    }
    for (int i = 0; i < n; i++) {
      slope[i] = Math.exp(logQ[i]) * (slope[i] - mean) / temperature;
    }
    return new OwnCandidates.Pull(loss, slope);
  }
}
