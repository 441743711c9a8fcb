package dev.assay.job.ingest.check;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.ingest.input.Found;
import dev.assay.job.workspace.Tables;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Items by what became of them, counted in one pass.
 *
 * @param rows all rows
 * @param unusable rows with a reason
 * @param queries usable ones
 * @param candidates usable ones
 * @param cutTexts usable items whose text is longer than the limit
 * @param firstCut where the first of these stands, or null
 */
public record ItemCounts(
    long rows, long unusable, long queries, long candidates, long cutTexts, String firstCut) {

  /** Counts items whose texts are not yet cut. */
  public static ItemCounts of(Dataset<Row> items, TextLimit limit) {
    Column usable = col(Tables.REASON).isNull();
    Column tooLong = usable.and(limit.exceededBy(col(Tables.TEXT)));
    Row row =
        items
            .agg(
                count(lit(1)),
                rowsWhere(usable.and(col(Found.KIND).equalTo(Found.QUERY))),
                rowsWhere(usable.and(col(Found.KIND).equalTo(Found.CANDIDATE))),
                rowsWhere(tooLong),
                min_by(col(Tables.SOURCE), when(tooLong, col(Found.ORDINAL))))
            .first();
    long queries = row.getLong(1);
    long candidates = row.getLong(2);
    long rows = row.getLong(0);
    return new ItemCounts(
        rows, rows - queries - candidates, queries, candidates, row.getLong(3), row.getString(4));
  }

  static Column rowsWhere(Column condition) {
    return count(when(condition, lit(1)));
  }
}
