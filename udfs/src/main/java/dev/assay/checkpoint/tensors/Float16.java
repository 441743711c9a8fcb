package dev.assay.checkpoint.tensors;

/**
 * IEEE half precision: sign, five bits of exponent, ten of fraction. Java 17 has no functions for
 * it.
 */
final class Float16 {
  private static final int INFINITY = 0x7c00;
  private static final int NAN = 0x7e00;

  /** 65,520 as float32. From here on, a number is rounded to infinity; the largest is 65,504. */
  private static final int OVERFLOW = 0x477ff000;

  /** 2^-14 as float32, the smallest number with a full fraction. */
  private static final int NORMAL = 0x38800000;

  private Float16() {}

  /** The bits of the nearest number. Ties go to the even one. */
  static short bits(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (Float.isNaN(value)) {
      return (short) (sign | NAN);
    }
    if (magnitude >= OVERFLOW) {
      return (short) (sign | INFINITY);
    }
    if (magnitude < NORMAL) {
      return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24));
    }
    int even = magnitude >>> 13 & 1;
    int rebased = magnitude - (127 - 15 << 23);
    return (short) (sign | rebased + 0xfff + even >>> 13);
  }

  /** The value of these bits. It is exact in float32. */
  static float value(short bits) {
    int exponent = bits >>> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat(exponent + 127 - 15 << 23 | fraction << 13);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
