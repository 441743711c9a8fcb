package dev.assay.train;

import dev.assay.train.loss.ContrastiveLoss;
import java.util.List;

/**
 * A replica whose examples are embedded first, so that a loss may look across all of a batch's
 * vectors, wherever they were computed.
 *
 * @param <E> an example
 */
public interface EmbeddingReplica<E> extends Replica<E> {
  /**
   * Vectors of length 1.
   *
   * @param seed the one that the gradients of the same examples will be asked for with
   * @return {@code [example][1 + 1 + k][d]}: the query, the positive, the negatives
   */
  float[][][] embed(float[][] values, List<E> examples, long seed);

  /**
   * The gradients of some examples, given those at their vectors.
   *
   * @param upstream of these examples alone; its sum is what is returned as their loss
   */
  Gradients gradients(
      float[][] values, List<E> examples, long seed, ContrastiveLoss.Value upstream);
}
