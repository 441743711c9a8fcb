package dev.assay.train.loss;

import dev.assay.math.LogSoftmax;

/**
 * InfoNCE over a query's positive and its own negatives: hard labels, to compare with {@link
 * DistributionAlignment}. The loss of a query is -ln softmax(cosines / &tau;) at the positive.
 *
 * @param temperature &tau;
 */
public record OwnNegatives(double temperature) implements ContrastiveLoss {
  private static final long serialVersionUID = 1L;

  public OwnNegatives {
    OwnCandidates.requirePositive(temperature);
  }

  @Override
  public boolean acrossQueries() {
    return false;
  }

  @Override
  public Value of(float[][] queries, float[][][] candidates, float[][] scores) {
    return OwnCandidates.value(queries, candidates, (query, cosines) -> choose(cosines));
  }

  private OwnCandidates.Pull choose(double[] cosines) {
    double[] log = LogSoftmax.of(cosines, temperature);
    double loss = -log[0];
    for (int i = 0; i < log.length; i++) {
      log[i] = (Math.exp(log[i]) - (i == 0 ? 1 : 0)) / temperature;
    }
    return new OwnCandidates.Pull(loss, log);
  }
}
