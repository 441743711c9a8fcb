package dev.assay.udf;

import dev.assay.item.Item;
import dev.assay.udf.rows.Batches;
import dev.assay.udf.rows.ItemColumns;
import dev.assay.udf.rows.ItemReader;
import dev.assay.udf.rows.ModelSettings;
import dev.assay.udf.rows.Outcome;
import dev.assay.udf.rows.RowBatches;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;

/**
 * One task of {@link Embedder}: rows go in, the same rows with embedding and error come out, in
 * their order.
 *
 * @param source opens the encoder on the executor
 * @param item where the item stands
 * @param error whether an error column is appended
 * @param counter counts rows done, or null
 */
record EncodeItems(
    Source source, ModelSettings settings, ItemColumns item, boolean error, LongAccumulator counter)
    implements MapPartitionsFunction<Row, Row> {

  /** Opens an encoder where the task runs. */
  @FunctionalInterface
  interface Source extends Serializable {
    ItemEncoder open(ModelSettings settings);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator(); // an empty partition loads no model
    }
    ItemEncoder encoder = source.open(settings);
    TaskContext.get()
        .addTaskCompletionListener((TaskCompletionListener) context -> encoder.close());
    ItemReader reader = settings.reader();
    return new RowBatches(
        rows,
        settings.compute().batchSize(),
        (first, row) -> true,
        batch -> encode(batch, encoder, reader));
  }

  private List<Row> encode(List<Row> rows, ItemEncoder encoder, ItemReader reader) {
    List<Outcome<Item>> items = new ArrayList<>(rows.size());
    for (Row row : rows) {
      items.add(Outcome.of(() -> prepared(row, encoder, reader)));
    }
    List<Item> usable = items.stream().filter(Outcome::isGood).map(Outcome::value).toList();
    Iterator<Outcome<float[]>> encoded =
        new Batches<Item, float[]>(
                batch -> Arrays.asList(encoder.encode(batch)),
                EncodeItems::finite,
                encoder::release)
            .run(usable)
            .iterator();
    if (counter != null) {
      counter.add(rows.size());
    }
    List<Row> result = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Outcome<Item> one = items.get(i);
      result.add(append(rows.get(i), one.isGood() ? encoded.next() : one.failed()));
    }
    return result;
  }

  private Item prepared(Row row, ItemEncoder encoder, ItemReader reader) {
    Item read = item.read(row, reader);
    encoder.prepare(read);
    return read;
  }

  /** NaN never reaches a table. */
  private static Outcome<float[]> finite(float[] vector) {
    for (float x : vector) {
      if (!Float.isFinite(x)) {
        return Outcome.bad("nan_embedding", "the embedding holds " + x);
      }
    }
    return Outcome.good(vector);
  }

  private Row append(Row row, Outcome<float[]> outcome) {
    Object[] values = new Object[row.size() + (error ? 2 : 1)];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    values[row.size()] = outcome.value();
    if (error) {
      values[row.size() + 1] = outcome.error();
    }
    return RowFactory.create(values);
  }
}
