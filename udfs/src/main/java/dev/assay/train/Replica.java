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
  default float[][] initialValues() {
    return initialValues(0, parameters().size());
  }

  /**
   * The same for some parameters alone.
   *
   * @param first the first of them
   * @param end the one after the last
   */
  float[][] initialValues(int first, int end);

  /**
   * Sets the values of some parameters and clears their gradients.
   *
   * @param first the first of them
   */
  void set(int first, float[][] values);

  /**
   * Adds the gradients of some examples to those of the parameters.
   *
   * @param seed of everything random, such as dropout; another one for each step and part
   * @return the sum of the examples' losses
   */
  double addGradients(List<E> examples, long seed);

  /**
   * The gradients of some parameters, which are cleared.
   *
   * @param first the first of them
   * @param end the one after the last
   */
  float[][] takeGradients(int first, int end);

  /**
   * The gradients of some examples. They depend on the arguments alone: this replica, or another
   * one on the same kind of device, computes the same gradients again.
   *
   * @param values of all parameters
   * @param seed see {@link #addGradients}
   */
  default Gradients gradients(float[][] values, List<E> examples, long seed) {
    set(0, values);
    double loss = addGradients(examples, seed);
    return new Gradients(takeGradients(0, values.length), loss, examples.size());
  }

  @Override
  void close();
}
