package dev.assay.udf.rows;

import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.substring_index;

import org.apache.spark.sql.Column;

/** Splits the {@code reason: detail} of an error column. */
public final class RowError {
  private static final String BETWEEN = ": ";

  private RowError() {}

  /** The short stable name, for grouping. */
  public static Column reason(Column error) {
    return substring_index(error, BETWEEN, 1);
  }

  /** The explanation, one line. */
  public static Column detail(Column error) {
    Column start = length(reason(error)).plus(BETWEEN.length() + 1);
    return error.substr(start, length(error));
  }
}
