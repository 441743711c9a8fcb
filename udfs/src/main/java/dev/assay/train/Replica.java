package dev.assay.train;

import dev.assay.model.Parameter;
import java.util.List;

/**
 * A model on one device, to be trained. For one thread at a time.
 *
 * @param <E> an example
 */
public interface Replica<E> extends AutoCloseable {
  /** What is trained, in an order that is the same for every replica of the same settings. */
  List<Parameter> parameters();

  /**
   * The values before the first step: the same for every replica of the same settings. To be asked
   * before any gradients are.
   */
  float[][] initialValues();

  /**
   * The gradients of some examples. A function of its arguments alone: computed again, on this or
   * another replica of the same kind of device, they are the same.
   *
   * @param values of all parameters
   * @param seed of whatever is left to chance; differs from step to step and from part to part
   */
  Gradients gradients(float[][] values, List<E> examples, long seed);

  @Override
  void close();
}
