package dev.assay.job.train;

import dev.assay.job.failure.SettingsException;

/**
 * Options of {@link TrainEmbedderJob}.
 *
 * @param temperature by which cosines, and the judge's scores, are divided
 */
public record TrainEmbedderOptions(TrainOptions common, LossKind loss, double temperature) {
  public TrainEmbedderOptions {
    if (common.data().negatives() == 0 && loss != LossKind.IN_BATCH) {
      throw new SettingsException(common.key() + ".negatives may be 0 only with the loss in-batch");
    }
    if (!(temperature > 0)) {
      throw new SettingsException(
          common.key() + ".temperature must be above 0, not " + temperature);
    }
  }
}
