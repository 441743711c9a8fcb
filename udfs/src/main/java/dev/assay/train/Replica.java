package dev.assay.train;

import dev.assay.model.training.Parameter;
import java.util.List;

/**
 * A model on one device that is trained. Not thread-safe.
 *
 * @param <E> an example
 */
public interface Replica<E> extends AutoCloseable {
  /** The trained parameters. Their order is the same for all replicas with the same settings. */
  List<Parameter> parameters();

  /**
   * The values before the first step. They are the same for all replicas with the same settings.
   * Call it before {@link #gradients}.
   */
  float[][] initialValues();

  /**
   * The gradients of some examples. They depend on the arguments alone: this replica, or another
   * one on the same kind of device, computes the same gradients again.
   *
   * @param values of all parameters
   * @param seed of everything random, such as dropout; another one for each step and part
   */
  Gradients gradients(float[][] values, List<E> examples, long seed);

  @Override
  void close();
}
