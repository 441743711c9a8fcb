package dev.assay.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Gradients that go to a file as soon as a backward pass has computed them, where they are summed
 * in float32. In memory are those of one pass alone: of one layer, where activations are computed
 * again.
 */
final class GradientsOnDisk implements HeldGradients {
  private final List<Parameter> parameters;
  private final List<NDArray> trained;
  private final Autograd autograd;
  private final Kernels kernels;
  private final Numbers numbers;
  private final GradientFile file;

  GradientsOnDisk(
      List<Parameter> parameters,
      List<NDArray> trained,
      Autograd autograd,
      Kernels kernels,
      Numbers numbers,
      GradientFile file) {
    this.parameters = parameters;
    this.trained = trained;
    this.autograd = autograd;
    this.kernels = kernels;
    this.numbers = numbers;
    this.file = file;
  }

  @Override
  public void backward(Predicate<String> reached, Runnable pass) {
    List<Integer> these = new ArrayList<>();
    for (int p = 0; p < parameters.size(); p++) {
      if (reached.test(parameters.get(p).name())) {
        these.add(p);
      }
    }
    try (Autograd.Mode off = autograd.off()) {
      each(these, (p, gradient) -> run("refill", gradient, trained.get(p)));
    }
    pass.run();
    try (Autograd.Mode off = autograd.off()) {
      each(
          these,
          (p, gradient) -> {
            file.add(p, (from, to) -> numbers.of(gradient, from, to));
            run("drop_memory", gradient); // the engine keeps the array itself
          });
    }
  }

  private void each(List<Integer> some, BiConsumer<Integer, NDArray> work) {
    for (int p : some) {
      NDArray of = trained.get(p);
      try (NDManager scope = of.getManager().newSubManager()) {
        NDArray gradient = autograd.gradientOrNull(scope, of);
        if (gradient != null) {
          work.accept(p, gradient);
        }
      }
    }
  }

  private void run(String kernel, NDArray... arrays) {
    try (NDManager scope = arrays[0].getManager().newSubManager()) {
      kernels.run(scope, kernel, (Object[]) arrays);
    }
  }

  @Override
  public boolean takesRows() {
    return true;
  }

  @Override
  public void addRows(int parameter, long[] rows, NDArray gradient) {
    file.addRows(parameter, rows, gradient.toFloatArray());
  }

  @Override
  public float[] take(Piece piece) {
    float[] taken = file.read(piece);
    if (piece.to() == parameters.get(piece.parameter()).size()) {
      clear(piece.parameter());
    }
    return taken;
  }

  @Override
  public void clear(int parameter) {
    file.clear(parameter);
  }

  @Override
  public void close() {
    file.close();
  }
}
