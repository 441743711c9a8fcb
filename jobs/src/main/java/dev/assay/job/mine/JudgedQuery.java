package dev.assay.job.mine;

import java.util.List;
import java.util.Objects;

/**
 * A query with the judge's scores of its positives and its retrieved candidates.
 *
 * @param queryId its id
 * @param contentHash hash of its text and image bytes, or null if unknown
 * @param positives its labelled positives, judged or not, in any order
 * @param candidates the pairs that were judged, in any order; may name positives again
 */
public record JudgedQuery(
    String queryId, String contentHash, List<Positive> positives, List<Candidate> candidates) {

  public JudgedQuery {
    Objects.requireNonNull(queryId, "queryId");
    positives = List.copyOf(positives);
    candidates = List.copyOf(candidates);
  }

  /**
   * A labelled positive.
   *
   * @param contentHash hash of its text and image bytes, or null if unknown
   * @param score the judge's score, or null if it was not judged
   */
  public record Positive(String candidateId, String contentHash, Float score) {
    boolean isJudged() {
      return score != null && Float.isFinite(score);
    }
  }

  /**
   * A judged candidate.
   *
   * @param contentHash hash of its text and image bytes, or null if unknown
   * @param rank its place among the retrieved, 0 first, or null if it was not retrieved
   * @param similarity cosine with the query, or null if unknown
   * @param margin logit(Yes) − logit(No), or null if the judge gave none
   * @param score sigmoid of the margin, or null if the judge gave none
   */
  public record Candidate(
      String candidateId,
      String contentHash,
      Integer rank,
      Float similarity,
      Float margin,
      Float score) {
    boolean isJudged() {
      return score != null && Float.isFinite(score) && margin != null && Float.isFinite(margin);
    }
  }
}
