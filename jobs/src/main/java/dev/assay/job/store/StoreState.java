package dev.assay.job.store;

/**
 * What of some wanted rows a store holds.
 *
 * @param rows as they were asked for, equal ones several times
 * @param distinct without the equal ones
 * @param stored distinct rows that have a result
 */
public record StoreState(long rows, long distinct, long stored) {
  /** Distinct rows that would have to be computed. */
  public long missing() {
    return distinct - stored;
  }
}
