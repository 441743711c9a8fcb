package dev.assay.job.ingest.input;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** An iterator that makes each row when it is needed. */
public abstract class RowsOneByOne implements Iterator<Row> {
  private boolean ended;
  private Row next;

  /** Makes the next row; null if there is none. */
  protected abstract Row advance();

  /** Marks the row that {@link #advance} returns now, if any, as the last. */
  protected final void end() {
    ended = true;
  }

  @Override
  public final boolean hasNext() {
    if (next == null && !ended) {
      next = advance();
      ended |= next == null;
    }
    return next != null;
  }

  @Override
  public final Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = next;
    next = null;
    return row;
  }
}
