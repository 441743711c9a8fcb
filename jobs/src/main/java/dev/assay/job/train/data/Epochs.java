package dev.assay.job.train.data;

import java.io.Serializable;
import java.util.Iterator;

/**
 * Training rows, shuffled anew in each epoch. The order of an epoch is the same whenever it is
 * read.
 *
 * @param <R> a row
 */
public interface Epochs<R> {
  /** A row from which an example is made: ids, texts and image paths, small enough to send. */
  interface TrainingRow extends Serializable {
    /** Names the row in messages. */
    String id();
  }

  /** The number of rows of one epoch that are used: a multiple of the batch size. */
  long length();

  /**
   * The rows of an epoch.
   *
   * @param from the place of the first one in the epoch's order; the rows before it are not read
   */
  Iterator<R> rows(long epoch, long from);
}
