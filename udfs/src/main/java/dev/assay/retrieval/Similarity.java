package dev.assay.retrieval;

/**
 * The dot product of two vectors, summed in a fixed order.
 *
 * <p>The order of summation in a matrix product depends on the shapes, and so do its last bits.
 * Here the products, which are exact in double, are added in double in four lanes, and the sum is
 * rounded to float once. So the same two vectors give the same float everywhere. For vectors of
 * length 1 it is the cosine.
 */
public final class Similarity {
  private Similarity() {}

  /** The dot product of {@code a[aAt, aAt + dimensions)} and {@code b[bAt, bAt + dimensions)}. */
  public static float of(float[] a, int aAt, float[] b, int bAt, int dimensions) {
    double lane0 = 0;
    double lane1 = 0;
    double lane2 = 0;
    double lane3 = 0;
    int i = 0;
    for (; i + 3 < dimensions; i += 4) {
      lane0 += (double) a[aAt + i] * b[bAt + i];
      lane1 += (double) a[aAt + i + 1] * b[bAt + i + 1];
      lane2 += (double) a[aAt + i + 2] * b[bAt + i + 2];
      lane3 += (double) a[aAt + i + 3] * b[bAt + i + 3];
    }
    for (; i < dimensions; i++) {
      lane0 += (double) a[aAt + i] * b[bAt + i];
    }
    // Adding 0 turns -0 into 0, so that the two tie.
    return (float) ((lane0 + lane1) + (lane2 + lane3)) + 0f;
  }

  /** The dot product of two vectors of the same length. */
  public static float of(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "Cannot compare a vector of " + a.length + " dimensions with one of " + b.length);
    }
    return of(a, 0, b, 0, a.length);
  }
}
