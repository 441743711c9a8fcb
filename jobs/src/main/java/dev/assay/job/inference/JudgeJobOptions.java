package dev.assay.job.inference;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.store.Slices;
import dev.assay.udf.OrderChoice;
import dev.assay.udf.compute.Compute;

/**
 * How pairs are judged.
 *
 * @param model checkpoint folder of the judge, on any Hadoop file system
 * @param compute what it runs on; the batch size counts pairs of one shared side, the tokens are
 *     those beside the shared part
 * @param order which side of a pair stands first
 * @param instruction the judge's instruction; empty for the paper's
 * @param slices pairs judged between two commits
 */
public record JudgeJobOptions(
    String model, Compute compute, OrderChoice order, String instruction, Slices slices) {
  public JudgeJobOptions {
    if (model == null || model.isBlank()) {
      throw new SettingsException(
          "Cannot judge: assay.models.judge is not set; set it to a checkpoint folder");
    }
  }

  /** The same with another model. */
  public JudgeJobOptions at(String location) {
    return new JudgeJobOptions(location, compute, order, instruction, slices);
  }
}
