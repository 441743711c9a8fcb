package dev.assay.job.train.step;

import dev.assay.train.Gradients;
import java.util.List;

/** What the examples of a batch give. */
public interface BatchGradients<R> {
  /**
   * The gradients of the sum of their losses: a function of the arguments alone.
   *
   * @param values of all parameters; not changed
   * @param step 0 for the first
   */
  Gradients of(float[][] values, List<R> batch, long step);

  /** The rows whose own loss or gradient is not finite. */
  List<R> notFinite(float[][] values, List<R> batch, long step);
}
