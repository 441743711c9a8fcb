package dev.assay.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Predicate;

/** Gradients that stay where the engine sums them: one number for each trained number. */
record GradientsInMemory(List<NDArray> trained, Autograd autograd, Numbers numbers)
    implements HeldGradients {
  @Override
  public void backward(Predicate<String> reached, Runnable pass) {
    pass.run();
  }

  @Override
  public boolean takesRows() {
    return false;
  }

  @Override
  public void addRows(int parameter, long[] rows, NDArray gradient) {
    throw new UnsupportedOperationException("the engine adds to the whole matrix");
  }

  @Override
  public float[] take(Piece piece) {
    NDArray of = trained.get(piece.parameter());
    float[] taken = new float[piece.length()];
    try (NDManager scope = of.getManager().newSubManager()) {
      NDArray gradient = autograd.gradientOrNull(scope, of);
      if (gradient != null) {
        taken = numbers.of(gradient, piece.from(), piece.to());
      }
    }
    if (piece.to() == of.size()) {
      clear(piece.parameter());
    }
    return taken;
  }

  @Override
  public void clear(int parameter) {
    autograd.clear(trained.get(parameter));
  }
}
