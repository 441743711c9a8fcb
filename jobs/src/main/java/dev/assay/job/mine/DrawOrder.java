package dev.assay.job.mine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The random order of a query's candidates: by the SHA-256 of seed, query id and candidate id.
 *
 * <p>A hash in place of a random generator: a candidate's place hangs on nothing but these three,
 * so the same pairs give the same draw on any number of partitions and in any language.
 */
record DrawOrder(long seed, String queryId) {

  /**
   * SHA-256 in hex over {@code seed NUL query_id NUL candidate_id}, UTF-8; smallest drawn first.
   */
  String key(String candidateId) {
    String pair = seed + "\0" + queryId + "\0" + candidateId;
    return HexFormat.of().formatHex(sha256().digest(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
