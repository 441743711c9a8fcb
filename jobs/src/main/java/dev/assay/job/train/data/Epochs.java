package dev.assay.job.train.data;

import java.util.Iterator;

/** Rows in an order that is another in every epoch, and the same whenever it is asked for. */
public interface Epochs<R> {
  /** Rows of one epoch that can be used: a multiple of the batch's size. */
  long length();

  /** The rows of an epoch, streamed. */
  Iterator<R> rows(long epoch);
}
