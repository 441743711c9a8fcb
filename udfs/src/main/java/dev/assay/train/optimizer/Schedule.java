package dev.assay.train.optimizer;

/**
 * The learning rate of each step: it rises from 0 in a straight line and then follows a shape, as
 * transformers' {@code get_constant_schedule_with_warmup}, {@code get_linear_…} and {@code
 * get_cosine_schedule_with_warmup} (half a period) have it.
 *
 * @param peak the rate at the end of the rise
 * @param warmUp steps of the rise
 * @param steps of the whole run
 */
public record Schedule(Shape shape, double peak, long warmUp, long steps) {
  /** What comes after the rise. */
  public enum Shape {
    CONSTANT,
    LINEAR,
    COSINE
  }

  public Schedule {
    if (!(peak >= 0) || Double.isInfinite(peak)) {
      throw new IllegalArgumentException("the rate is " + peak + ", below 0");
    }
    if (warmUp < 0 || steps < 1) {
      throw new IllegalArgumentException(warmUp + " steps of warm-up in " + steps + " steps");
    }
  }

  /**
   * The rate of a step.
   *
   * @param step 0 for the first one, whose rate is 0 where there is a warm-up
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
