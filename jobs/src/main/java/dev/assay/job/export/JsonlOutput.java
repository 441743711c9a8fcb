package dev.assay.job.export;

import dev.assay.job.workspace.Tables;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Rows as JSON lines. The same table gives the same file. */
final class JsonlOutput {
  /** What rows are sorted by, as far as a table has it. */
  private static final List<String> ORDER =
      List.of(
          Tables.QUERY_ID,
          Tables.RANK,
          Tables.CANDIDATE_ID,
          Tables.POSITIVE_ID,
          Tables.STAGE,
          Tables.SOURCE,
          Tables.ID);

  private JsonlOutput() {}

  /**
   * Writes rows one partition after the other; the driver holds no more than one.
   *
   * @return how many
   */
  static long write(Dataset<Row> table, OutputStream out) throws IOException {
    List<String> columns = Arrays.asList(table.columns());
    Column[] order =
        ORDER.stream().filter(columns::contains).map(functions::col).toArray(Column[]::new);
    Column everything =
        functions.struct(columns.stream().map(functions::col).toArray(Column[]::new));
    Iterator<Row> rows =
        table
            .sort(order)
            .select(functions.to_json(everything, java.util.Map.of("ignoreNullFields", "false")))
            .toLocalIterator();
    long count = 0;
    while (rows.hasNext()) {
      out.write(rows.next().getString(0).getBytes(StandardCharsets.UTF_8));
      out.write('\n');
      count++;
    }
    return count;
  }
}
