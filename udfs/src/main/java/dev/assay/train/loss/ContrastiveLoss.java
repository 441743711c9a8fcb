package dev.assay.train.loss;

import java.io.Serializable;

/**
 * A loss on the cosines of queries and candidates. Every vector has length 1, so a cosine is a dot
 * product.
 */
public interface ContrastiveLoss extends Serializable {
  /**
   * A loss and its gradients.
   *
   * @param sum of the queries' losses
   * @param queries {@code [n][d]}: the gradient of the sum at each query's vector
   * @param candidates {@code [n][1 + k][d]}: the gradient at each candidate's vector
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Value(double sum, float[][] queries, float[][][] candidates) implements Serializable {}

  /** Whether a query's loss depends on the candidates of other queries of the batch. */
  boolean acrossQueries();

  /**
   * The loss of a batch, or of a part of it if queries do not depend on each other.
   *
   * @param queries {@code [n][d]}
   * @param candidates {@code [n][1 + k][d]}: the positive of each query, then its negatives
   * @param scores {@code [n][1 + k]}: the judge's scores
   */
  Value of(float[][] queries, float[][][] candidates, float[][] scores);
}
