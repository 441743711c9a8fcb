package dev.assay.job.ingest.input;

import java.io.Serializable;
import org.apache.spark.sql.Row;

/**
 * A positive as found in the input.
 *
 * @param ordinal puts pairs into the order of the input
 * @param source its place in the input, in words
 * @param reason why it cannot be used, null if it can
 * @param detail more about the reason
 */
public record FoundPair(
    String queryId, String candidateId, long ordinal, String source, String reason, String detail)
    implements Serializable {

  /** Reads the columns query_id, candidate_id, ordinal, source, reason and detail of a row. */
  public static FoundPair of(Row row) {
    return new FoundPair(
        row.getString(0),
        row.getString(1),
        row.getLong(2),
        row.getString(3),
        row.getString(4),
        row.getString(5));
  }

  public boolean usable() {
    return reason == null;
  }

  /** The same pair with a reason why it cannot be used. */
  public FoundPair refused(String why, String more) {
    return new FoundPair(queryId, candidateId, ordinal, source, why, more);
  }
}
