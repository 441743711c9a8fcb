package dev.assay.job.mine;

import dev.assay.item.Sha256;

/**
 * The random order of a query's candidates: by the SHA-256 of seed, query id and candidate id.
 *
 * <p>A candidate's place depends on nothing but these three, so the same pairs give the same draw
 * on any number of partitions and in any language.
 */
record DrawOrder(long seed, String queryId) {

  /**
   * SHA-256 in hex over {@code seed NUL query_id NUL candidate_id}, UTF-8; smallest drawn first.
   */
  String key(String candidateId) {
    return Sha256.hex(seed + "\0" + queryId + "\0" + candidateId);
  }
}
