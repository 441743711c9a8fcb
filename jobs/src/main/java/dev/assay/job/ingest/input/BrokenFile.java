package dev.assay.job.ingest.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.first;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.workspace.Tables;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Stops the job at a file whose content breaks off: the rows behind that place are unknown. */
public final class BrokenFile {
  private BrokenFile() {}

  /**
   * Reads all rows.
   *
   * @param rows with the columns source, reason and detail
   * @throws JobFailedException if one has the reason {@link Found#BROKEN_FILE}
   */
  public static void refuse(Dataset<Row> rows) {
    Row broken =
        rows.where(col(Tables.REASON).equalTo(Found.BROKEN_FILE))
            .agg(first(Tables.SOURCE), first(Tables.DETAIL))
            .first();
    if (!broken.isNullAt(0)) {
      throw new JobFailedException(
          "Cannot ingest %s: %s".formatted(broken.getString(0), broken.getString(1)));
    }
  }
}
