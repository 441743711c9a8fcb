package dev.assay.retrieval;

/** Reads the products of the first pass, a query at a time. Not thread-safe. */
interface ProductRows {
  /**
   * Goes to the products of one query.
   *
   * @param scale what a product of 1 stands for
   */
  void read(int row, double scale);

  /**
   * The candidates of a range whose products are at least a floor.
   *
   * @param floor a number of the products' precision. Where products can overflow it is negative
   *     infinity, and NaN is kept too
   * @param into receives them: the product as a float's bits in the upper half, so changed that
   *     larger products are larger longs, and the candidate's place in the lower half
   * @return how many they are
   */
  int atLeast(float floor, int from, int to, long[] into);

  /** A product and the place of its candidate, in the order of products. */
  static long pack(float product, int place) {
    int bits = Float.floatToIntBits(product);
    int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
    return ((long) ordered << 32) | place;
  }

  static float product(long packed) {
    int ordered = (int) (packed >> 32);
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & 0x7fffffff));
  }

  static int place(long packed) {
    return (int) packed;
  }
}
