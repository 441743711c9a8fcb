package dev.assay.train.optimizer;

/** The length of all gradients taken together. */
public final class Norm {
  private static final double EPSILON = 1e-6;

  private Norm() {}

  /**
   * Shortens gradients that together are longer than allowed, as {@code
   * torch.nn.utils.clip_grad_norm_}: multiplied by {@code most / (length + 1e-6)} where that is
   * below 1.
   *
   * @param gradients changed in place
   * @param most the length allowed; infinity to measure only
   * @return the length before: NaN or infinite if any element is, and then nothing is changed
   */
  public static double clip(float[][] gradients, double most) {
    double length = of(gradients);
    double factor = most / (length + EPSILON);
    if (factor < 1 && Double.isFinite(length)) {
      multiply(gradients, (float) factor);
    }
    return length;
  }

  /** The length, summed in double precision, in order. */
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
