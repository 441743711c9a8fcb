package dev.assay.job.train.run;

import dev.assay.job.train.data.BatchStream.Position;

/**
 * How far a run has come.
 *
 * @param steps taken so far
 * @param position in the data
 * @param parts into how many parts a batch is cut
 */
public record TrainingPoint(long steps, Position position, int parts) {}
