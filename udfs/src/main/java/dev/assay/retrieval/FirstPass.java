package dev.assay.retrieval;

import java.nio.ByteBuffer;

/**
 * The precision in which the first pass multiplies, and how far its products can be from {@link
 * Similarity}. With it the result of the search does not depend on the choice.
 *
 * <p>The bound. Let S be the similarity of a and b, and a', b' what the first pass multiplies: a
 * and b themselves for float32, or a and b rounded to bfloat16, or to whole multiples of a scale
 * for int8. Let p be the sum of the products of a' and b' in float32, of n terms, in any order. In
 * int8 the sum is of whole numbers and exact.
 *
 * <ul>
 *   <li>Rounding the operands: a·b − a'·b' = (a − a')·b + a'·(b − b'). By Cauchy and Schwarz this
 *       is at most |a − a'| |b| + |a'| |b − b'|, and |a'| ≤ |a| + |a − a'|. These norms are
 *       measured for the very vectors ({@link Magnitude}). In bfloat16 they are at most 2⁻⁸ |a|,
 *       and some 40 % of it in practice; in int8 some 1 % of |a| where its numbers are of one size.
 *   <li>The sum: |p − a'·b'| ≤ γ(n) |a'| |b'| with γ(n) = n u / (1 − n u), u = 2⁻²⁴ (Higham,
 *       "Accuracy and Stability of Numerical Algorithms", 3.1). It holds for any order and for
 *       fused operations. Rounding S to float, and the threshold that p is held against, adds less
 *       than 2 u |a| |b|. So (n + 4) u and 5 % are above all three. Instructions for bfloat16 may
 *       round a sum to the wrong neighbour (to odd on Arm): there u is 2⁻²³.
 *   <li>Numbers below 2⁻¹²⁶ may be taken for 0: operands, products and sums. This changes p by at
 *       most 2⁻¹²⁶ (n |a'| + n |b'| + 2 n), and S by less than 2⁻¹²⁶.
 * </ul>
 *
 * <p>Where a norm is so large that a sum could overflow, or is NaN, the bound is infinite: then
 * every pair is compared.
 *
 * <p>In bfloat16 the engine rounds p once more. Rounding keeps the order of numbers, so no bound is
 * needed for it: if p is at least t, then p rounded is at least t rounded, and that is at least
 * {@link #noMore} of t.
 */
enum FirstPass {
  INT8(0x1p-24, 1.0 / 64) {
    @Override
    ProductRows rows(ByteBuffer[] products, int length) {
      return new Int8Rows(products[0].asIntBuffer(), products[1].asIntBuffer(), length);
    }
  },
  BFLOAT16(0x1p-23, 1.0 / 16) {
    @Override
    float noMore(float value) {
      int bits = Float.floatToRawIntBits(value);
      int towardsZero = bits & 0xffff0000;
      boolean below = bits >= 0 || bits == towardsZero;
      return Float.intBitsToFloat(below ? towardsZero : towardsZero + 0x10000);
    }

    @Override
    ProductRows rows(ByteBuffer[] products, int length) {
      return new Bfloat16Rows(products[0], length);
    }
  },
  FLOAT32(0x1p-24, 1) {
    @Override
    ProductRows rows(ByteBuffer[] products, int length) {
      return new Float32Rows(products[0].asFloatBuffer(), length);
    }
  };

  /** Products of norms up to here stay far from overflow. */
  private static final double LARGEST = 0x1p60;

  /** The largest relative error of a sum of two numbers. */
  private final double unit;

  private final double mostForNothing;

  FirstPass(double unit, double mostForNothing) {
    this.unit = unit;
    this.mostForNothing = mostForNothing;
  }

  /**
   * Comparing a pair exactly takes as long as some sixteen products in float32. So where more than
   * this share of pairs is compared for nothing, a finer precision is faster.
   */
  double mostForNothing() {
    return mostForNothing;
  }

  /** The largest number that the products' precision has and that is not above a value. */
  float noMore(float value) {
    return value;
  }

  /** The smallest number that the products' precision has and that is not below a value. */
  float noLess(float value) {
    return -noMore(-value);
  }

  /**
   * Reads products.
   *
   * @param products what {@link Multiplier#products} gives, in native order
   * @param length candidates
   */
  abstract ProductRows rows(ByteBuffer[] products, int length);

  /** The largest distance between a product of the first pass and {@link Similarity#of}. */
  float errorBound(int dimensions, Magnitude a, Magnitude b) {
    double normA = a.norm() + a.rounding();
    double normB = b.norm() + b.rounding();
    if (!(normA < LARGEST && normB < LARGEST)) {
      return Float.POSITIVE_INFINITY;
    }
    double sum = 1.05 * (dimensions + 4) * unit * normA * normB;
    double ofOperands = a.rounding() * b.norm() + normA * b.rounding();
    double underflow = 0x1p-125 * (dimensions + 2) * (1 + normA + normB);
    return Math.nextUp((float) (1.0001 * (ofOperands + sum + underflow)));
  }
}
