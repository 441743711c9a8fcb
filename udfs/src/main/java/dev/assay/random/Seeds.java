package dev.assay.random;

/**
 * Derives seeds from a seed: one for each purpose, step, part, layer and the like.
 *
 * <p>Sums such as {@code seed + part} or {@code 31 * seed + layer} give the same seed for different
 * arguments. Here every argument goes through the finalizer of SplitMix64 (Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", 2014). Two different lists of arguments share a
 * result as rarely as two random numbers of 64 bits do, and lists that differ only in their last
 * number never do.
 */
public final class Seeds {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  /**
   * A seed that depends on all arguments and on their order.
   *
   * @param seed the one that others are derived from
   * @param numbers which of them this is: a step, a part, a layer
   */
  public static long mix(long seed, long... numbers) {
    long mixed = scramble(seed);
    for (long number : numbers) {
      mixed = scramble(mixed + number); // number as it is: the sum must not be symmetric
    }
    return mixed;
  }

  /**
   * The same for a name and numbers.
   *
   * @param name what the seed is for; keeps streams of different purposes apart
   */
  public static long mix(long seed, String name, long... numbers) {
    long mixed =
        ~mix(
            seed,
            name.length()); // the complement, or a name would equal the list of its characters
    for (int i = 0; i < name.length(); i++) {
      mixed = scramble(mixed + name.charAt(i));
    }
    return mix(mixed, numbers);
  }

  /** A bijection of 64 bits: every bit of the result depends on every bit of {@code value}. */
  private static long scramble(long value) {
    long mixed = value + GOLDEN_GAMMA;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
