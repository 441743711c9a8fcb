package dev.assay.retrieval;

/**
 * How large vectors are, and how far bfloat16 is from them.
 *
 * @param norm the largest Euclidean norm |a|
 * @param rounding the largest norm |a − a'| of what rounding to bfloat16 changes
 */
record Magnitude(double norm, double rounding) {

  /** Of {@code count} vectors from the one in place {@code first} on. */
  static Magnitude largest(float[] vectors, int first, int count, int dimensions) {
    double norm = 0;
    double rounding = 0;
    for (int at = first * dimensions; at < (first + count) * dimensions; at += dimensions) {
      double square = 0;
      double lost = 0;
      for (int i = at; i < at + dimensions; i++) {
        double value = vectors[i];
        double change = value - toBfloat16(vectors[i]);
        square += value * value;
        lost += change * change;
      }
      // Written so that NaN stays NaN and is not taken for small.
      norm = square <= norm ? norm : square;
      rounding = lost <= rounding ? rounding : lost;
    }
    return new Magnitude(Math.sqrt(norm), Math.sqrt(rounding));
  }

  /** The nearest number of bfloat16, ties to even, as the engine rounds. */
  static float toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  }
}
