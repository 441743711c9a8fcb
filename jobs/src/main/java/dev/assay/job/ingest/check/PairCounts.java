package dev.assay.job.ingest.check;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.workspace.Tables;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Positive pairs by what became of them, counted in one pass.
 *
 * @param rows all rows
 * @param usable rows without a reason
 * @param queries how many queries the usable ones name
 */
public record PairCounts(long rows, long usable, long queries) {
  /** Counts pairs that {@link Resolve#knownPairs} has checked. */
  public static PairCounts of(Dataset<Row> pairs) {
    Column usable = col(Tables.REASON).isNull();
    Row row =
        pairs
            .agg(
                count(lit(1)),
                ItemCounts.rowsWhere(usable),
                count_distinct(when(usable, col(Tables.QUERY_ID))))
            .first();
    return new PairCounts(row.getLong(0), row.getLong(1), row.getLong(2));
  }

  public long unusable() {
    return rows - usable;
  }
}
