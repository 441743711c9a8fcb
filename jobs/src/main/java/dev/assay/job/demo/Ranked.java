package dev.assay.job.demo;

/**
 * A candidate in the ranking of a query.
 *
 * @param similarity cosine
 * @param margin the judge's margin; null if the pair was not judged
 * @param met whether it truly meets the query
 */
record Ranked(String candidateId, double similarity, Float margin, boolean met) {
  /** The judge's probability of Yes; null if the pair was not judged. */
  Double score() {
    return margin == null ? null : 1 / (1 + Math.exp(-margin));
  }
}
