package dev.assay.job.ingest.input;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** An iterator that makes each row when it is needed. */
public abstract class RowsOneByOne<T> implements Iterator<T> {
  private boolean ended;
  private T next;

  /** Makes the next row; null if there is none. */
  protected abstract T advance();

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
  public final T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    T row = next;
    next = null;
    return row;
  }
}
