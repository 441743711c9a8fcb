package dev.assay.math;

/** The logarithm of a softmax, which no size of its values makes overflow. */
public final class LogSoftmax {
  private LogSoftmax() {}

  /** ln softmax(values / temperature). */
  public static double[] of(double[] values, double temperature) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      greatest = Math.max(greatest, value);
    }
    double sum = 0;
    double[] log = new double[values.length];
    for (int i = 0; i < log.length; i++) {
      log[i] = (values[i] - greatest) / temperature;
      sum += Math.exp(log[i]);
    }
    double total = Math.log(sum);
    for (int i = 0; i < log.length; i++) {
      log[i] -= total;
    }
    return log;
  }
}
