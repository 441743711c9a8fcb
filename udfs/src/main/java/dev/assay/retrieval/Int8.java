package dev.assay.retrieval;

import dev.assay.retrieval.Operands.Scaled;
import java.nio.ByteBuffer;

/**
 * Vectors in int8: each number is a whole multiple, from −127 to 127, of a scale. How far these are
 * from the vectors is measured, so that the scale decides on speed alone.
 */
final class Int8 {
  /** Rows come in multiples of this many: products are looked at in groups ({@link Int8Rows}). */
  static final int GROUP = 16;

  /** Sums of so many products stay far below 2³¹. */
  private static final int MOST_DIMENSIONS = 1 << 16;

  private static final int LARGEST = 127;

  /** Added to a float below 2²², it rounds it; the whole number then stands in the last bits. */
  private static final float SHIFT = 0x1.8p23f;

  /** Where the largest number is not between these, the vectors are not looked at. */
  private static final float SMALLEST_NUMBER = 0x1p-60f;

  private static final float LARGEST_NUMBER = 0x1p60f;

  private static final Magnitude UNBOUNDED =
      new Magnitude(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  private Int8() {}

  static int paddedRows(int rows) {
    return (rows + GROUP - 1) / GROUP * GROUP;
  }

  /**
   * Writes the vectors and, to the end of the memory, zeros.
   *
   * @param together how many vectors have one scale; the last may be fewer
   */
  static Scaled[] write(float[] vectors, int dimensions, int together, ByteBuffer into) {
    int step = together * dimensions;
    Scaled[] written = new Scaled[(vectors.length + step - 1) / step];
    for (int i = 0; i < written.length; i++) {
      int to = Math.min(vectors.length, (i + 1) * step);
      written[i] = write(vectors, i * step, to, dimensions, into);
    }
    into.put(new byte[into.remaining()]);
    return written;
  }

  /** Without a bound where the largest number is 0, tiny, huge or not finite, or sums are long. */
  private static Scaled write(float[] vectors, int from, int to, int dimensions, ByteBuffer into) {
    float largest = largest(vectors, from, to);
    boolean usual = largest > SMALLEST_NUMBER && largest < LARGEST_NUMBER;
    if (!usual || dimensions > MOST_DIMENSIONS) {
      into.put(new byte[to - from]);
      return new Scaled(1, UNBOUNDED);
    }
    float scale = largest / LARGEST;
    byte[] row = new byte[dimensions];
    double norm = 0;
    double rounding = 0;
    for (int at = from; at < to; at += dimensions) {
      double change = Math.sqrt(round(vectors, at, scale, row));
      into.put(row);
      norm = Math.max(norm, scale * Math.sqrt(square(row)) + change);
      rounding = Math.max(rounding, change);
    }
    return new Scaled(scale, new Magnitude(norm, rounding));
  }

  /** The largest |number|; NaN if one is NaN. */
  private static float largest(float[] vectors, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(vectors[i]));
    }
    return largest;
  }

  /** Returns the square of the distance, added up in two lanes. */
  private static double round(float[] vectors, int at, float scale, byte[] row) {
    float inverse = 1 / scale;
    double lost0 = 0;
    double lost1 = 0;
    int d = 0;
    for (; d + 1 < row.length; d += 2) {
      float shifted0 = vectors[at + d] * inverse + SHIFT;
      float shifted1 = vectors[at + d + 1] * inverse + SHIFT;
      row[d] = (byte) Float.floatToRawIntBits(shifted0);
      row[d + 1] = (byte) Float.floatToRawIntBits(shifted1);
      double change0 = vectors[at + d] - (double) scale * (shifted0 - SHIFT);
      double change1 = vectors[at + d + 1] - (double) scale * (shifted1 - SHIFT);
      lost0 += change0 * change0;
      lost1 += change1 * change1;
    }
    if (d < row.length) {
      float shifted = vectors[at + d] * inverse + SHIFT;
      row[d] = (byte) Float.floatToRawIntBits(shifted);
      double change = vectors[at + d] - (double) scale * (shifted - SHIFT);
      lost0 += change * change;
    }
    return lost0 + lost1;
  }

  private static int square(byte[] row) {
    int square = 0;
    for (byte value : row) {
      square += value * value;
    }
    return square;
  }
}
