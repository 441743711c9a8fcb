package dev.assay.job.train.run;

import dev.assay.job.train.data.BatchStream.Position;
import dev.assay.train.optimizer.AdamW;

/**
 * All that is needed to go on after a step.
 *
 * @param steps done
 * @param position in the data
 * @param parts into how many a batch is cut
 * @param values of all parameters
 * @param optimizer what it remembers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainingState(
    long steps, Position position, int parts, float[][] values, AdamW.State optimizer) {}
