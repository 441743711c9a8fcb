package dev.assay.train.optimizer;

/** The L2 norm of all gradients together. */
public final class Norm {
  private static final double EPSILON = 1e-6;

  private Norm() {}

  /**
   * Clips gradients to a norm, as {@code torch.nn.utils.clip_grad_norm_} does: multiplies them by
   * {@code most / (norm + 1e-6)} if that is below 1.
   *
   * @param gradients changed in place
   * @param most the largest norm allowed; infinity to measure the norm only
   * @return the norm before clipping. If an element is NaN or infinite, so is the norm, and nothing
   *     is changed
   */
  public static double clip(float[][] gradients, double most) {
    double norm = of(gradients);
    float factor = factor(norm, most);
    if (factor != 1) {
      multiply(gradients, factor);
    }
    return norm;
  }

  /**
   * The L2 norm. The squares of each parameter are summed in order in double precision, and then
   * these sums, so that parameters can be summed at different places.
   */
  public static double of(float[][] gradients) {
    return of(squares(gradients));
  }

  /** The sum of the squares of each parameter's gradient. */
  public static double[] squares(float[][] gradients) {
    double[] squares = new double[gradients.length];
    for (int p = 0; p < squares.length; p++) {
      double sum = 0;
      for (float g : gradients[p]) {
        sum += (double) g * g;
      }
      squares[p] = sum;
    }
    return squares;
  }

  /**
   * The L2 norm.
   *
   * @param squares of all parameters, in their order
   */
  public static double of(double[] squares) {
    double sum = 0;
    for (double square : squares) {
      sum += square;
    }
    return Math.sqrt(sum);
  }

  /** What {@link #clip} multiplies gradients of a norm by: 1 for those that stay as they are. */
  public static float factor(double norm, double most) {
    double factor = most / (norm + EPSILON);
    return factor < 1 && Double.isFinite(norm) ? (float) factor : 1;
  }

  /** Multiplies every element. */
  public static void multiply(float[][] gradients, float factor) {
    for (float[] gradient : gradients) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= factor;
      }
    }
  }
}
