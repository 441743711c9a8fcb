package dev.assay.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The engine's autograd. DJL's own {@code GradientCollector} does not suffice: it allows one
 * collector in the whole process, and its backward passes always start with gradients of one.
 */
final class Autograd {
  /** A setting of the thread, which {@link #close} restores. */
  interface Mode extends AutoCloseable {
    @Override
    void close();
  }

  /** Makes this thread record a graph. */
  Mode on() {
    return mode(true);
  }

  /** Makes this thread record no graph. */
  Mode off() {
    return mode(false);
  }

  private static Mode mode(boolean record) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(record);
    return () -> JniUtils.setGradMode(before);
  }

  /** The same numbers, detached from the graph. */
  NDArray detached(NDManager scope, NDArray array) {
    NDArray detached = JniUtils.detachGradient((PtNDArray) array);
    detached.attach(scope); // it has no owner yet
    return detached;
  }

  /**
   * Runs the backward pass from {@code array}; adds to the gradients of all arrays that require
   * one.
   */
  void backward(NDArray array, NDArray upstream) {
    JniUtils.backward((PtNDArray) array, (PtNDArray) upstream, false, false);
  }

  /**
   * The gradient that an array has so far, in the memory where it is summed; zeros if it has none.
   */
  NDArray gradient(NDManager scope, NDArray array) {
    NDArray gradient = gradientOrNull(scope, array);
    return gradient == null ? scope.zeros(array.getShape()) : gradient;
  }

  /** The same; null if it has none. */
  NDArray gradientOrNull(NDManager scope, NDArray array) {
    NDArray gradient = JniUtils.getGradient((PtNDArray) array);
    if (gradient != null) {
      gradient.attach(scope);
    }
    return gradient;
  }

  void clear(NDArray array) {
    JniUtils.zeroGrad((PtNDArray) array);
  }

  /** Seeds the engine's random numbers, for all threads and devices. */
  void seed(long seed) {
    JniUtils.setSeed(seed);
  }
}
