package dev.assay.job.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import dev.assay.job.JobFailedException;
import dev.assay.job.workspace.Tables;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many rows could not be used, and why.
 *
 * @param rows how many in all
 * @param reasons counts by reason, the most frequent first, in words
 * @param example one of them, in words
 */
record SetAside(long rows, String reasons, String example) {
  /**
   * @param quarantine columns as the table's, without the stage
   */
  static SetAside of(Dataset<Row> quarantine) {
    List<Row> counts =
        quarantine
            .groupBy(Tables.REASON)
            .agg(count(lit(1)).as("n"), min(Tables.SOURCE).as(Tables.SOURCE))
            .sort(col("n").desc(), col(Tables.REASON))
            .collectAsList();
    long rows = counts.stream().mapToLong(row -> row.<Long>getAs("n")).sum();
    String reasons =
        counts.stream()
            .map(
                row -> String.format(Locale.ROOT, "%,d %s", row.<Long>getAs("n"), row.getString(0)))
            .collect(Collectors.joining(", "));
    return new SetAside(rows, reasons, rows == 0 ? "" : example(quarantine, counts.get(0)));
  }

  private static String example(Dataset<Row> quarantine, Row most) {
    Row row =
        quarantine
            .where(col(Tables.REASON).equalTo(most.getString(0)))
            .where(col(Tables.SOURCE).equalTo(most.<String>getAs(Tables.SOURCE)))
            .first();
    return row.getAs(Tables.SOURCE) + " " + row.getAs(Tables.DETAIL);
  }

  /**
   * Stops where too many rows are unusable.
   *
   * @param of how many rows there were
   * @param limit share that is let pass
   */
  void refuseMoreThan(double limit, long of) {
    if (rows > limit * of) {
      throw new JobFailedException(
          String.format(
              Locale.ROOT,
              "Cannot ingest: %,d of %,d rows (%.1f%%) cannot be used, more than"
                  + " assay.ingest.max-quarantined = %s: %s; such as %s; nothing was written",
              rows,
              of,
              100.0 * rows / of,
              limit,
              reasons,
              example));
    }
  }
}
