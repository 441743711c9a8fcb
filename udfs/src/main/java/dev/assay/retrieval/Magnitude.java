package dev.assay.retrieval;

/**
 * How large vectors are, and how far from them is what the first pass multiplies.
 *
 * @param norm at least the largest Euclidean norm |a|
 * @param rounding at least the largest norm |a − a'| of what rounding to a precision changes
 */
record Magnitude(double norm, double rounding) {

  /** Of vectors that are rounded to bfloat16. */
  static Magnitude inBfloat16(float[] vectors, int dimensions) {
    double norm = 0;
    double rounding = 0;
    for (int at = 0; at < vectors.length; at += dimensions) {
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

  /** Of vectors that are not rounded. */
  static Magnitude inFloat32(float[] vectors, int dimensions) {
    double norm = 0;
    for (int at = 0; at < vectors.length; at += dimensions) {
      double square = 0;
      for (int i = at; i < at + dimensions; i++) {
        square += (double) vectors[i] * vectors[i];
      }
      norm = square <= norm ? norm : square;
    }
    return new Magnitude(Math.sqrt(norm), 0);
  }

  /** The nearest number of bfloat16, ties to even, as the engine rounds. */
  static float toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  }
}
