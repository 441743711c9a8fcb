package dev.assay.train.optimizer;

import dev.assay.model.training.Piece;
import java.util.Arrays;
import java.util.stream.IntStream;

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
   * The L2 norm. The squares of each {@link Piece#BLOCK} numbers of a parameter are summed in order
   * in double precision, and then these sums, so that pieces can be summed at different places.
   */
  public static double of(float[][] gradients) {
    return of(squares(gradients));
  }

  /**
   * The sums of squares, in order.
   *
   * @param gradients of parameters, or of pieces of them
   */
  public static double[] squares(float[][] gradients) {
    return Arrays.stream(gradients)
        .flatMapToDouble(
            all ->
                IntStream.iterate(0, from -> from < all.length, from -> from + Piece.BLOCK)
                    .mapToDouble(from -> square(all, from)))
        .toArray();
  }

  private static double square(float[] numbers, int from) {
    double sum = 0;
    for (int i = from; i < Math.min(numbers.length, from + Piece.BLOCK); i++) {
      sum += (double) numbers[i] * numbers[i];
    }
    return sum;
  }

  /**
   * The L2 norm.
   *
   * @param squares sums of all parameters, in their order
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
