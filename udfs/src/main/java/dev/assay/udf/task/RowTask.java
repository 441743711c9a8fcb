package dev.assay.udf.task;

import dev.assay.session.TaskModel;
import dev.assay.udf.rows.Outcome;
import dev.assay.udf.rows.RowBatches;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;

/**
 * One Spark task of a Transformer: rows go in, the same rows with result, error and fingerprint
 * come out in their order.
 *
 * @param source opens the model on the executor
 * @param work how a batch is put to the model
 * @param counter counts rows done, or null
 * @param <M> the model
 * @param <V> the result for a row
 */
public record RowTask<M extends TaskModel, V>(
    ModelSource<M> source,
    ModelSettings settings,
    RowWork<M, V> work,
    OutputColumns columns,
    LongAccumulator counter)
    implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator(); // an empty partition loads no model
    }
    OpenModel<M> open = source.open(settings);
    Ahead ahead = new Ahead(TaskContext.get().taskAttemptId());
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                context -> {
                  ahead.close();
                  open.close();
                });
    TaskItems<M> items = new TaskItems<>(open.model(), settings.reader(), ahead);
    return new RowBatches(
        rows,
        settings.compute().batchSize(),
        work::together,
        batch -> {
          ahead.announce();
          work.soon(batch, items);
        },
        batch -> answered(batch, items));
  }

  private List<Row> answered(List<Row> rows, TaskItems<M> items) {
    items.ahead().begin();
    List<Outcome<V>> outcomes = work.outcomes(rows, items);
    String model = columns.fingerprint() ? work.fingerprint(rows, items.model()) : null;
    List<Row> result = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      result.add(columns.append(rows.get(i), outcomes.get(i), model));
    }
    if (counter != null) {
      counter.add(rows.size());
    }
    return result;
  }
}
