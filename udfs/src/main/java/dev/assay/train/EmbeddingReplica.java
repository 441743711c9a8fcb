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
  float[][][] embed(List<E> examples, long seed);

  /** The same with other values of all parameters. */
  default float[][][] embed(float[][] values, List<E> examples, long seed) {
    set(values);
    return embed(examples, seed);
  }

  /**
   * Adds the gradients of some examples to those of the parameters, given the gradients at their
   * vectors.
   *
   * @param upstream the gradients of these examples
   */
  void addGradients(List<E> examples, long seed, ContrastiveLoss.Value upstream);

  /**
   * The same with other values of all parameters.
   *
   * @param upstream its sum is returned as the examples' loss
   */
  default Gradients gradients(
      float[][] values, List<E> examples, long seed, ContrastiveLoss.Value upstream) {
    set(values);
    addGradients(examples, seed, upstream);
    return new Gradients(takeGradients(), upstream.sum(), examples.size());
  }
}
