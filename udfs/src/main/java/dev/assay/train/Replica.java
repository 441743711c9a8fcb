package dev.assay.train;

import dev.assay.model.training.Parameter;
import dev.assay.model.training.Piece;
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
    return initialValues(Piece.whole(parameters()));
  }

  /** The same for some numbers alone. */
  float[][] initialValues(List<Piece> pieces);

  /**
   * Sets some values. Gradients of a parameter are cleared with its first number.
   *
   * @param values of each piece
   */
  void set(List<Piece> pieces, float[][] values);

  /** Sets all values and clears all gradients. */
  default void set(float[][] values) {
    set(Piece.whole(parameters()), values);
  }

  /**
   * Adds the gradients of some examples to those of the parameters.
   *
   * @param seed of everything random, such as dropout; another one for each step and part
   * @return the sum of the examples' losses
   */
  double addGradients(List<E> examples, long seed);

  /** The gradients of some numbers. Those of a parameter are cleared with its last number. */
  float[][] takeGradients(List<Piece> pieces);

  /** All gradients, which are cleared. */
  default float[][] takeGradients() {
    return takeGradients(Piece.whole(parameters()));
  }

  /**
   * The gradients of some examples. They depend on the arguments alone: this replica, or another
   * one on the same kind of device, computes the same gradients again.
   *
   * @param values of all parameters
   * @param seed see {@link #addGradients}
   */
  default Gradients gradients(float[][] values, List<E> examples, long seed) {
    set(values);
    double loss = addGradients(examples, seed);
    return new Gradients(takeGradients(), loss, examples.size());
  }

  @Override
  void close();
}
