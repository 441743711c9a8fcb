package dev.assay.job.train.step;

import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;

/** Computes the gradients of a batch and leaves their sum on the executors. */
public interface SlicedGradients<R> {
  /**
   * What is done with the sums while everything that they are computed from is there.
   *
   * @param <T> its result
   */
  @FunctionalInterface
  interface Use<T> {
    /**
     * @param sums one slice a partition
     * @param loss of the whole batch, if it is not the sum of the slices' losses
     */
    T of(JavaRDD<Slice> sums, OptionalDouble loss);
  }

  /**
   * The gradients of the sum of the examples' losses.
   *
   * @param step 0 for the first
   */
  <T> T sum(SentValues values, List<R> batch, long step, Use<T> use);

  /** The rows whose own loss or gradient is not finite. */
  List<R> notFinite(SentValues values, List<R> batch, long step);
}
