package dev.assay.job.estimate;

/**
 * Measures how much this machine does in a second: some work of a size is done, then four times as
 * much, until that takes long enough.
 */
public final class Calibration {
  private static final int GROWTH = 4;

  /** A round that took as long gives the rate. */
  private static final double ENOUGH_SECONDS = 5;

  /** One round. */
  public interface Round {
    /**
     * Does work of a size.
     *
     * @return how much was done, in the rate's unit
     */
    long of(long size);
  }

  /** Is told of each round. */
  public interface Listener {
    void did(long size, double seconds);
  }

  private Calibration() {}

  /**
   * Units a second.
   *
   * @param first size of the first round
   * @param most the largest size
   */
  public static double rate(long first, long most, Round round, Listener listener) {
    long size = Math.min(first, most);
    while (true) {
      long start = System.nanoTime();
      long done = round.of(size);
      double seconds = (System.nanoTime() - start) / 1e9;
      listener.did(size, seconds);
      if (seconds >= ENOUGH_SECONDS || size == most) {
        return done / seconds;
      }
      size = Math.min(size * GROWTH, most);
    }
  }
}
