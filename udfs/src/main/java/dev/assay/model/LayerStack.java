package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Layers one after another, run forward and then back.
 *
 * <p>Either the engine's graph keeps what every layer left behind, or only the input of each layer
 * is kept and the layer runs again on the way back (activation recomputation, arXiv 1604.06174): a
 * third more work, and memory for one layer instead of all.
 */
final class LayerStack {
  private final Autograd autograd;
  private final List<Layer> layers;
  private final boolean recompute;
  private final IntConsumer seedDropout;
  private final List<NDArray> inputs = new ArrayList<>();
  private NDArray output;

  /**
   * @param seedDropout is called with a layer's number before each run of it, so that a second run
   *     drops the same
   */
  LayerStack(Autograd autograd, List<Layer> layers, boolean recompute, IntConsumer seedDropout) {
    this.autograd = autograd;
    this.layers = layers;
    this.recompute = recompute;
    this.seedDropout = seedDropout;
  }

  /** Runs the layers and keeps nothing: there will be no way back. */
  NDArray infer(NDManager scope, NDArray x) {
    try (Autograd.Mode off = autograd.off()) {
      return through(scope, x);
    }
  }

  /**
   * Runs the layers.
   *
   * @param x becomes the graph's beginning
   * @param gradient whether {@link #backward} will be asked for the gradient at {@code x}
   * @return the result, apart from the graph
   */
  NDArray forward(NDManager scope, NDArray x, boolean gradient) {
    x.setRequiresGradient(gradient);
    inputs.add(x);
    if (recompute) {
      try (Autograd.Mode off = autograd.off()) {
        for (int i = 0; i < layers.size(); i++) {
          seedDropout.accept(i);
          inputs.add(layers.get(i).apply(scope, inputs.get(i)));
        }
      }
      return inputs.remove(layers.size());
    }
    try (Autograd.Mode on = autograd.on()) {
      output = through(scope, x);
      return autograd.apart(scope, output);
    }
  }

  /** All layers; where a graph is recorded, it holds what it needs of what is closed between. */
  private NDArray through(NDManager scope, NDArray x) {
    NDArray y = x;
    for (int i = 0; i < layers.size(); i++) {
      seedDropout.accept(i);
      NDArray next = layers.get(i).apply(scope, y);
      if (y != x) {
        y.close();
      }
      y = next;
    }
    return y;
  }

  /**
   * Adds to the gradients of the parameters.
   *
   * @param upstream the gradient at the result
   * @return the gradient at {@code x}; null if it was not asked for
   */
  NDArray backward(NDManager scope, NDArray upstream) {
    NDArray x = inputs.get(0);
    boolean wanted = x.hasGradient();
    if (!recompute) {
      autograd.backward(output, upstream);
      output.close();
      return wanted ? autograd.gradient(scope, x) : null;
    }
    NDArray up = upstream;
    for (int i = layers.size() - 1; i >= 0; i--) {
      NDArray input = inputs.get(i);
      input.setRequiresGradient(true);
      try (Autograd.Mode on = autograd.on();
          NDManager inner = scope.newSubManager()) {
        seedDropout.accept(i);
        autograd.backward(layers.get(i).apply(inner, input), up);
      }
      if (up != upstream) {
        up.close();
      }
      up = autograd.gradient(scope, input);
      if (i > 0) {
        input.close();
      }
    }
    return wanted ? up : null;
  }
}
