package dev.assay.job.train.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * BatchStream of rows, epoch after epoch. What is left at an epoch's end and fills no batch is left
 * out: it is other rows in the next.
 */
public final class BatchStream<R> {
  private final Epochs<R> epochs;
  private final int size;
  private Position position;
  private Iterator<R> rows = Collections.emptyIterator();

  /** Goes on at a position that {@link #position} gave. */
  public BatchStream(Epochs<R> epochs, int size, Position from) {
    this.epochs = epochs;
    this.size = size;
    this.position = from;
    if (from.taken() > 0) {
      open();
    }
  }

  public List<R> next() {
    if (position.taken() + size > epochs.length()) {
      position = new Position(position.epoch() + 1, 0);
    }
    if (position.taken() == 0) {
      open();
    }
    List<R> batch = new ArrayList<>(size);
    while (batch.size() < size) {
      batch.add(rows.next());
    }
    position = new Position(position.epoch(), position.taken() + size);
    return batch;
  }

  /** After the batches that were given so far. */
  public Position position() {
    return position;
  }

  private void open() {
    rows = epochs.rows(position.epoch());
    for (long passed = 0; passed < position.taken(); passed++) {
      rows.next();
    }
  }
}
