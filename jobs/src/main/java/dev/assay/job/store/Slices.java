package dev.assay.job.store;

/**
 * How work is divided between commits.
 *
 * @param size rows between two commits, at least 1
 * @param inFlight slices in work at once, at least 1: while one ends, the others have work for all
 *     cores and GPUs
 */
public record Slices(long size, int inFlight) {
  public Slices {
    if (size < 1 || inFlight < 1) {
      throw new IllegalArgumentException(size + " rows, " + inFlight + " slices at once");
    }
  }

  /** One slice after the other. */
  public static Slices of(long size) {
    return new Slices(size, 1);
  }
}
