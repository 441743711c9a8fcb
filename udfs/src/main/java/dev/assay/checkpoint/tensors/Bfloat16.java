package dev.assay.checkpoint.tensors;

/** The upper half of a float32. */
final class Bfloat16 {
  private Bfloat16() {}

  /** The bits of the nearest number. Ties go to the even one. */
  static short bits(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40); // a quiet NaN: its payload may be in the lower half
    }
    int even = bits >>> 16 & 1;
    return (short) (bits + 0x7fff + even >>> 16);
  }
}
