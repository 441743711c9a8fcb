package dev.assay.retrieval;

/**
 * Decides in which precision to go on, by how many pairs the sieve lets pass for nothing: they are
 * compared and turn out not to be among the k nearest.
 *
 * <p>While few candidates were seen, the k nearest of them are not near, and among the many that
 * are about as near a coarse precision decides little. So a precision that let too many pass is
 * tried again when twice as many candidates were seen.
 */
final class Openness {
  private final Multiplier multiplier;
  private long pairs;
  private long again; // the number of pairs at which the fastest is tried again
  private long newPairs;
  private long forNothing;

  /**
   * @param again how many pairs are first searched in the precision that the search begins with
   */
  Openness(Multiplier multiplier, long again) {
    this.multiplier = multiplier;
    this.again = again;
  }

  void count(long morePairs, long moreForNothing) {
    newPairs += morePairs;
    forNothing += moreForNothing;
  }

  /** The precision for the next block. */
  FirstPass next(FirstPass now) {
    boolean tooMany = forNothing > now.mostForNothing() * newPairs;
    pairs += newPairs;
    newPairs = 0;
    forNothing = 0;
    if (tooMany) {
      again = 2 * pairs;
      return multiplier.fastestAfter(now);
    }
    if (pairs < again) {
      return now;
    }
    again = Long.MAX_VALUE;
    return multiplier.fastest();
  }
}
