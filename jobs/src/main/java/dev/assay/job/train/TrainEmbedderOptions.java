package dev.assay.job.train;

import dev.assay.job.failure.SettingsException;

/**
 * Options of {@link TrainEmbedderJob}.
 *
 * @param temperature divides the cosines and, in the losses that use them, the judge's scores
 */
public record TrainEmbedderOptions(TrainOptions common, LossKind loss, double temperature) {
  public TrainEmbedderOptions {
    if (common.data().negatives() == 0 && loss != LossKind.IN_BATCH) {
      throw new SettingsException(
          common.key() + ".negatives is 0, which only the loss in-batch allows");
    }
    if (!(temperature > 0)) {
      throw new SettingsException(
          common.key() + ".temperature is " + temperature + "; it must be above 0");
    }
  }
}
