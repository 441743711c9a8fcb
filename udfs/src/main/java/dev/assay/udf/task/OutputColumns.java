package dev.assay.udf.task;

import dev.assay.udf.rows.Outcome;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The columns that a task gives back: those of the input, the result, and where they are wanted the
 * error and the model's fingerprint.
 *
 * @param input columns of the input; others that a row has behind them are dropped
 */
public record OutputColumns(int input, boolean error, boolean fingerprint) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The row with its result. */
  Row append(Row row, Outcome<?> outcome, String model) {
    Object[] values = new Object[input + 1 + (error ? 1 : 0) + (fingerprint ? 1 : 0)];
    Arrays.setAll(values, i -> i < input ? row.get(i) : null);
    values[input] = outcome.value();
    if (error) {
      values[input + 1] = outcome.error();
    }
    if (fingerprint) {
      values[values.length - 1] = model;
    }
    return RowFactory.create(values);
  }
}
