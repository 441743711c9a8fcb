package dev.assay.udf.task;

import dev.assay.session.TaskModel;
import dev.assay.udf.rows.Outcome;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * How a task puts a batch of rows to its model.
 *
 * @param <M> the model
 * @param <V> the result for a row
 */
interface RowWork<M extends TaskModel, V> extends Serializable {
  /** Whether a row may join the batch that begins with another. */
  boolean together(Row first, Row row);

  /** Begins what can be done for a batch on other threads while the model works on another. */
  void soon(List<Row> rows, TaskItems<M> items);

  /** One outcome for each row of a batch, in order. */
  List<Outcome<V>> outcomes(List<Row> rows, TaskItems<M> items);

  /** Names everything that the results of a batch depend on except its rows. */
  String fingerprint(List<Row> rows, M model);
}
