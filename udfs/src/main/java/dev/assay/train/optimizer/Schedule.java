package dev.assay.train.optimizer;

/**
 * The learning rate of each step: a linear warm-up from 0, and then a shape. Equal to transformers'
 * {@code get_constant_schedule_with_warmup}, {@code get_linear_schedule_with_warmup} and {@code
 * get_cosine_schedule_with_warmup} (half a period).
 *
 * @param peak the rate at the end of the warm-up
 * @param warmUp steps of the warm-up
 * @param steps of the whole run
 */
public record Schedule(Shape shape, double peak, long warmUp, long steps) {
  /** The shape after the warm-up. */
  public enum Shape {
    CONSTANT,
    LINEAR,
    COSINE
  }

  public Schedule {
    if (!(peak >= 0) || Double.isInfinite(peak)) {
      throw new IllegalArgumentException(
          "the learning rate is " + peak + ", but must be finite and at least 0");
    }
    if (warmUp < 0 || steps < 1) {
      throw new IllegalArgumentException(
          "the run has "
              + steps
              + " steps and "
              + warmUp
              + " of warm-up, but must have at least 1 and at least 0");
    }
  }

  /**
   * The rate of a step.
   *
   * @param step 0 for the first one; its rate is 0 if there is a warm-up
   */
  public double rate(long step) {
    if (step < warmUp) {
      return peak * ((double) step / Math.max(1, warmUp));
    }
    double all = Math.max(1, steps - warmUp);
    return peak
        * switch (shape) {
          case CONSTANT -> 1;
          case LINEAR -> Math.max(0, (steps - step) / all);
          case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * ((step - warmUp) / all))));
        };
  }
}
