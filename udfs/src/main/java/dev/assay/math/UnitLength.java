package dev.assay.math;

/** The L2 norm of a vector, and the vector brought to norm 1. Sums are in double precision. */
public final class UnitLength {
  private UnitLength() {}

  /** The L2 norm of {@code length} values from an index on. */
  public static double norm(float[] values, int from, int length) {
    double squares = 0;
    for (int i = from; i < from + length; i++) {
      squares += (double) values[i] * values[i];
    }
    return Math.sqrt(squares);
  }

  /** A copy of {@code length} values from an index on, with L2 norm 1; NaN if all are 0. */
  public static float[] of(float[] values, int from, int length) {
    double norm = norm(values, from, length);
    float[] unit = new float[length];
    for (int i = 0; i < length; i++) {
      unit[i] = (float) (values[from + i] / norm);
    }
    return unit;
  }
}
