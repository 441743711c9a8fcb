package dev.assay.udf.task;

import dev.assay.item.Item;
import dev.assay.session.TaskModel;
import dev.assay.udf.rows.ItemColumns;
import dev.assay.udf.rows.ItemReader;
import dev.assay.udf.rows.Outcome;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * Reads the items of one task and prepares them for its model.
 *
 * @param <M> the model
 */
record TaskItems<M extends TaskModel>(M model, ItemReader reader, Ahead ahead) {
  /** Reads and decodes an item on another thread, for {@link #read} to find it done. */
  void soon(Row row, ItemColumns columns) {
    ahead.soon(() -> readAhead(row, columns));
  }

  /** The item in some columns of a row, read and decoded on the thread that calls. */
  Item readAhead(Row row, ItemColumns columns) {
    Item item = columns.read(row, reader);
    model.ahead(item);
    return item;
  }

  /** The item in some columns of a row, or why it cannot be used. */
  Outcome<Item> read(Row row, ItemColumns columns) {
    return Outcome.of(
        () -> {
          Item item = columns.read(row, reader);
          model.prepare(item);
          return item;
        });
  }

  /**
   * Puts the usable ones of some items to a model.
   *
   * @param answers gives one outcome for each item, in order
   * @return one outcome for each of {@code items}, in order: the model's, or the item's own error
   */
  static <V> List<Outcome<V>> answer(
      List<Outcome<Item>> items, Function<List<Item>, List<Outcome<V>>> answers) {
    List<Item> usable = items.stream().filter(Outcome::isGood).map(Outcome::value).toList();
    Iterator<Outcome<V>> answered = answers.apply(usable).iterator();
    List<Outcome<V>> outcomes = new ArrayList<>(items.size());
    for (Outcome<Item> item : items) {
      outcomes.add(item.isGood() ? answered.next() : item.failed());
    }
    return outcomes;
  }
}
