package dev.assay.job.demo;

/**
 * A candidate near to a query.
 *
 * @param similarity cosine
 * @param margin what the judge said; null where it was not asked
 * @param met whether it is in truth what the query asks for
 */
record Ranked(String candidateId, double similarity, Float margin, boolean met) {
  /** The judge's probability of Yes; null where it was not asked. */
  Double score() {
    return margin == null ? null : 1 / (1 + Math.exp(-margin));
  }
}
