package dev.assay.train;

import dev.assay.train.loss.ContrastiveLoss;
import java.util.List;

/**
 * A replica that can also embed its examples, for losses that need the vectors of the whole batch,
 * including those that other replicas computed.
 *
 * @param <E> an example
 */
public interface EmbeddingReplica<E> extends Replica<E> {
  /**
   * The vectors of some examples, each of length 1.
   *
   * @param seed the seed that the gradients of the same examples will be computed with
   * @return {@code [example][1 + 1 + k][d]}: the query, the positive, the negatives
   */
  float[][][] embed(float[][] values, List<E> examples, long seed);

  /**
   * The gradients of some examples, given the gradients at their vectors.
   *
   * @param upstream the gradients of these examples; its sum is returned as their loss
   */
  Gradients gradients(
      float[][] values, List<E> examples, long seed, ContrastiveLoss.Value upstream);
}
