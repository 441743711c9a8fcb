package dev.assay.job.train.step;

import dev.assay.train.Gradients;
import java.util.List;

/** Computes the gradients of a batch. */
public interface BatchGradients<R> {
  /**
   * The gradients of the sum of the examples' losses. They depend only on the arguments.
   *
   * @param values of all parameters; not changed
   * @param step 0 for the first
   */
  Gradients of(float[][] values, List<R> batch, long step);

  /** The rows whose own loss or gradient is not finite. */
  List<R> notFinite(float[][] values, List<R> batch, long step);
}
