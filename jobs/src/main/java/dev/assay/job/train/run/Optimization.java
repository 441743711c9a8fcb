package dev.assay.job.train.run;

import java.util.List;
import org.apache.hadoop.fs.Path;

/** The trained parameters with their optimizer, wherever they are. */
public interface Optimization<R> extends AutoCloseable {
  /**
   * What is known of a step's gradients before it is taken.
   *
   * @param loss the sum of the examples' losses
   * @param examples their number
   * @param norm the L2 norm of the mean gradients
   */
  record Measured(double loss, long examples, double norm) {
    boolean isFinite() {
      return Double.isFinite(loss) && Double.isFinite(norm);
    }
  }

  /**
   * Computes the mean gradients of a batch and keeps them for {@link #take}.
   *
   * @param step 0 for the first
   */
  Measured gradients(List<R> batch, long step);

  /**
   * Takes the step whose gradients were computed last.
   *
   * @param factor by which they are multiplied first
   * @param rate the learning rate
   */
  void take(float factor, double rate);

  /** The rows of a batch whose own loss or gradient is not finite. */
  List<R> notFinite(List<R> batch, long step);

  /** Writes values and optimizer as tensors into the folder of a checkpoint. */
  void save(Path checkpoint);

  /**
   * Goes back to a checkpoint.
   *
   * @param steps after which it was saved
   */
  void restore(Path checkpoint, long steps);

  /** Frees what is kept between steps. */
  @Override
  default void close() {}
}
