package dev.assay.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.model.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * The forward and backward pass of layers that follow each other.
 *
 * <p>Either the engine's graph keeps the activations of every layer, or only the input of each
 * layer is kept and the layer runs again in the backward pass (activation recomputation, arXiv
 * 1604.06174). That takes a third more work, and memory for one layer instead of all.
 */
final class LayerStack {
  private final Autograd autograd;
  private final List<Layer> layers;
  private final boolean recompute;
  private final Around around;
  private final List<NDArray> inputs = new ArrayList<>();
  private NDArray output;

  /** What is done around the passes of layers. */
  interface Around {
    /** Before each run of a layer: seeds its dropout, so that a second run drops the same. */
    void seed(int layer);

    /** Runs the backward pass of one layer. */
    void backward(int layer, Runnable pass);

    /** Runs the backward pass of all layers. */
    void backward(Runnable pass);
  }

  LayerStack(Autograd autograd, List<Layer> layers, boolean recompute, Around around) {
    this.autograd = autograd;
    this.layers = layers;
    this.recompute = recompute;
    this.around = around;
  }

  /** Runs the layers without a backward pass to follow, and keeps nothing. */
  NDArray infer(NDManager scope, NDArray x) {
    try (Autograd.Mode off = autograd.off()) {
      return through(scope, x);
    }
  }

  /**
   * Runs the layers.
   *
   * @param x the input, which becomes a leaf of the graph
   * @param gradient whether {@link #backward} has to compute the gradient at {@code x}
   * @return the result, detached from the graph
   */
  NDArray forward(NDManager scope, NDArray x, boolean gradient) {
    x.setRequiresGradient(gradient);
    inputs.add(x);
    if (recompute) {
      try (Autograd.Mode off = autograd.off()) {
        for (int i = 0; i < layers.size(); i++) {
          around.seed(i);
          inputs.add(layers.get(i).apply(scope, inputs.get(i)));
        }
      }
      return inputs.remove(layers.size());
    }
    try (Autograd.Mode on = autograd.on()) {
      output = through(scope, x);
      return autograd.detached(scope, output);
    }
  }

  /** Runs all layers. A recorded graph keeps what it needs of the arrays that are closed here. */
  private NDArray through(NDManager scope, NDArray x) {
    NDArray y = x;
    for (int i = 0; i < layers.size(); i++) {
      around.seed(i);
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
   * @return the gradient at {@code x}; null if {@link #forward} was called without it
   */
  NDArray backward(NDManager scope, NDArray upstream) {
    NDArray x = inputs.get(0);
    boolean wanted = x.hasGradient();
    if (!recompute) {
      around.backward(() -> autograd.backward(output, upstream));
      output.close();
      return wanted ? autograd.gradient(scope, x) : null;
    }
    NDArray up = upstream;
    for (int i = layers.size() - 1; i >= 0; i--) {
      NDArray input = inputs.get(i);
      input.setRequiresGradient(true);
      backward(i, scope, input, up);
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

  private void backward(int i, NDManager scope, NDArray input, NDArray upstream) {
    around.backward(
        i,
        () -> {
          try (Autograd.Mode on = autograd.on();
              NDManager inner = scope.newSubManager()) {
            around.seed(i);
            autograd.backward(layers.get(i).apply(inner, input), upstream);
          }
        });
  }
}
