package dev.assay.job.train.data;

/**
 * How far training has come in its data.
 *
 * @param epoch 0 for the first
 * @param taken rows of the epoch's order that were used or passed over
 */
public record Position(long epoch, long taken) {
  public static final Position START = new Position(0, 0);
}
