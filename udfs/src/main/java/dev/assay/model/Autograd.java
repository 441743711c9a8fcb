package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The engine's autograd, where DJL's own {@code GradientCollector} is too narrow: that one allows
 * one collector in the whole process and starts every way back with ones.
 */
final class Autograd {
  /** A thread's setting, until it is closed. */
  interface Mode extends AutoCloseable {
    @Override
    void close();
  }

  /** From here on this thread records a graph. */
  Mode on() {
    return mode(true);
  }

  /** From here on this thread records none. */
  Mode off() {
    return mode(false);
  }

  private static Mode mode(boolean record) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(record);
    return () -> JniUtils.setGradMode(before);
  }

  /** The same numbers, apart from the graph. */
  NDArray apart(NDManager scope, NDArray array) {
    NDArray apart = JniUtils.detachGradient((PtNDArray) array);
    apart.attach(scope); // nobody owns it yet
    return apart;
  }

  /** Goes back from {@code array}, adding to the gradients of whatever requires one. */
  void backward(NDArray array, NDArray upstream) {
    JniUtils.backward((PtNDArray) array, (PtNDArray) upstream, false, false);
  }

  /** What has been added up for an array so far, and stays there; zeros if nothing has. */
  NDArray gradient(NDManager scope, NDArray array) {
    NDArray gradient = JniUtils.getGradient((PtNDArray) array);
    if (gradient == null) {
      return scope.zeros(array.getShape());
    }
    gradient.attach(scope);
    return gradient;
  }

  void clear(NDArray array) {
    JniUtils.zeroGrad((PtNDArray) array);
  }

  /** Begins the engine's stream of chance anew, for all threads and devices. */
  void seed(long seed) {
    JniUtils.setSeed(seed);
  }
}
