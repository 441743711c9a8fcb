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
    double factor = most / (norm + EPSILON);
    if (factor < 1 && Double.isFinite(norm)) {
      multiply(gradients, (float) factor);
    }
    return norm;
  }

  /** The L2 norm, summed in order in double precision. */
  public static double of(float[][] gradients) {
    double squares = 0;
    for (float[] gradient : gradients) {
      for (float g : gradient) {
        squares += (double) g * g;
      }
    }
    return Math.sqrt(squares);
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
