package dev.assay.job.train.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Batches of rows, epoch after epoch. The rows at the end of an epoch that do not fill a batch are
 * left out; they are other rows in the next epoch.
 */
public final class BatchStream<R> {
  /**
   * How far training has read its data.
   *
   * @param epoch 0 for the first
   * @param taken rows of the epoch's order that were read
   */
  public record Position(long epoch, long taken) {
    /** Before the first row. */
    public static final Position START = new Position(0, 0);
  }

  private final Epochs<R> epochs;
  private final int size;
  private Position position;
  private Iterator<R> rows = Collections.emptyIterator();

  /**
   * Continues at a position that {@link #position} returned.
   *
   * @param size rows of a batch
   */
  public BatchStream(Epochs<R> epochs, int size, Position from) {
    this.epochs = epochs;
    this.size = size;
    this.position = from;
    if (from.taken() > 0) {
      open();
    }
  }

  /** The next batch. */
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

  /** The position after the last batch that {@link #next} returned. */
  public Position position() {
    return position;
  }

  private void open() {
    rows = epochs.rows(position.epoch(), position.taken());
  }
}
