package dev.assay.job.ingest.input;

import static org.apache.spark.sql.functions.col;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.workspace.Tables;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
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
    refuse(
        rows.where(col(Tables.REASON).equalTo(Found.BROKEN_FILE))
            .select(Tables.SOURCE, Tables.DETAIL)
            .javaRDD()
            .map(row -> row.getString(0) + ": " + row.getString(1)));
  }

  /**
   * The same where the broken places are known.
   *
   * @param places at most one for each file, and what is wrong there
   */
  public static void refuse(JavaRDD<String> places) {
    List<String> broken = places.collect();
    if (!broken.isEmpty()) {
      throw new JobFailedException("Cannot ingest " + Collections.min(broken));
    }
  }
}
