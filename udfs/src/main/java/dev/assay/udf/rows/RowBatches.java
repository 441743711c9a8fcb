package dev.assay.udf.rows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * Processes a task's rows a batch at a time; never holds more than {@value #AHEAD} batches more.
 */
public final class RowBatches implements Iterator<Row> {
  /** Batches that are announced before they are processed. */
  private static final int AHEAD = 2;

  private final Iterator<Row> rows;
  private final int batchSize;
  private final BiPredicate<Row, Row> together;
  private final Consumer<List<Row>> soon;
  private final Function<List<Row>, List<Row>> work;
  private final ArrayDeque<List<Row>> announced = new ArrayDeque<>();
  private final ArrayDeque<Row> ready = new ArrayDeque<>();
  private Row next;

  /**
   * @param together whether a row may join the batch that begins with the other
   * @param soon is told of a batch while {@code work} has another before it
   * @param work returns one row for each row of a batch
   */
  public RowBatches(
      Iterator<Row> rows,
      int batchSize,
      BiPredicate<Row, Row> together,
      Consumer<List<Row>> soon,
      Function<List<Row>, List<Row>> work) {
    this.rows = rows;
    this.batchSize = batchSize;
    this.together = together;
    this.soon = soon;
    this.work = work;
    next = rows.hasNext() ? rows.next() : null;
  }

  @Override
  public boolean hasNext() {
    return !ready.isEmpty() || !announced.isEmpty() || next != null;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (ready.isEmpty()) {
      List<Row> batch = announced.isEmpty() ? takeBatch() : announced.remove();
      while (next != null && announced.size() < AHEAD) {
        List<Row> later = takeBatch();
        announced.add(later);
        soon.accept(later);
      }
      ready.addAll(work.apply(batch));
    }
    return ready.remove();
  }

  private List<Row> takeBatch() {
    Row first = next;
    List<Row> batch = new ArrayList<>();
    while (next != null && batch.size() < batchSize && together.test(first, next)) {
      batch.add(next);
      next = rows.hasNext() ? rows.next() : null;
    }
    return batch;
  }
}
