package dev.assay.job.mine;

import java.util.List;
import java.util.Optional;

/**
 * What mining made of one query.
 *
 * @param queryId its id
 * @param fill how the list was filled; empty if the query has no list
 * @param positives the judged positives that the list serves, one row of the table each, by id
 * @param negatives the list, in the order of selection; empty if the query has none
 * @param verdicts one a judged candidate, in the order of similarity
 * @param rejects what could not be used, for the quarantine
 */
public record MinedQuery(
    String queryId,
    Optional<Fill> fill,
    List<JudgedQuery.Positive> positives,
    List<Negative> negatives,
    List<Verdict> verdicts,
    List<Reject> rejects) {

  /** A hard negative; {@code score} is 1 where the list was filled at random. */
  public record Negative(
      String candidateId, float score, float margin, Float similarity, Integer rank) {}

  /**
   * What became of a candidate.
   *
   * @param threshold the score it was compared with, or null if it was not
   */
  public record Verdict(String candidateId, Decision decision, Float threshold) {}

  /**
   * A pair or a query that could not be used.
   *
   * @param candidateId the pair's candidate, or null where the whole query is meant
   * @param reason a short stable name
   * @param detail one line for a person
   */
  public record Reject(String candidateId, String reason, String detail) {}
}
