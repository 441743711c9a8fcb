package dev.assay.job.train.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * The metrics of one step: a line of {@code metrics.jsonl}.
 *
 * @param step 1 for the first
 * @param epoch 1 for the first
 * @param loss mean over the batch
 * @param learningRate with which the step was taken
 * @param gradientNorm before clipping
 * @param examplesPerSecond of this step
 * @param seconds that it took
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true) // a newer Assay may have added to it
public record StepMetrics(
    long step,
    long epoch,
    double loss,
    double learningRate,
    double gradientNorm,
    double examplesPerSecond,
    double seconds) {}
