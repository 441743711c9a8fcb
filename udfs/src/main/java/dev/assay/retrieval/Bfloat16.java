package dev.assay.retrieval;

/** Numbers of eight binary digits: the upper half of a float's bits. */
final class Bfloat16 {
  private Bfloat16() {}

  /** The nearest bfloat16, ties to even, as the engine rounds. */
  static float round(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  }

  /** The largest bfloat16 that is not above a number. */
  static float below(float value) {
    int bits = Float.floatToRawIntBits(value);
    int towardsZero = bits & 0xffff0000;
    boolean exactOrPositive = bits >= 0 || bits == towardsZero;
    return Float.intBitsToFloat(exactOrPositive ? towardsZero : towardsZero + 0x10000);
  }
}
