package dev.assay.job.train.run;

import dev.assay.job.train.data.BatchStream.Position;
import dev.assay.train.optimizer.AdamW;

/**
 * Everything that a run whose parameters are on the driver needs to continue after a step.
 *
 * @param steps taken so far
 * @param position in the data
 * @param parts into how many parts a batch is cut
 * @param values of all parameters
 * @param optimizer its state
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainingState(
    long steps, Position position, int parts, float[][] values, AdamW.State optimizer) {
  /** How far it has come. */
  public TrainingPoint point() {
    return new TrainingPoint(steps, position, parts);
  }
}
