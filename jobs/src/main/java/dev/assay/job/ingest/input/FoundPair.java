package dev.assay.job.ingest.input;

import static org.apache.spark.sql.functions.col;

import dev.assay.job.workspace.Tables;
import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
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

  /**
   * Pairs of entries, one each.
   *
   * @param entries columns query, ordinal, source, reason, detail
   * @param candidateId the id of the entry's positive
   */
  public static JavaRDD<FoundPair> of(Dataset<Row> entries, Column candidateId) {
    return entries
        .select(
            col("query.id"),
            candidateId,
            col(Found.ORDINAL),
            col(Tables.SOURCE),
            col(Tables.REASON),
            col(Tables.DETAIL))
        .javaRDD()
        .map(FoundPair::of);
  }

  private static FoundPair of(Row row) {
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
