package dev.assay.job.inference;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.store.Slices;
import dev.assay.udf.compute.Compute;

/**
 * How items are embedded.
 *
 * @param model checkpoint folder of the embedder, on any Hadoop file system
 * @param compute what it runs on; the batch size counts items
 * @param slices items embedded between two commits
 */
public record EmbedJobOptions(String model, Compute compute, Slices slices) {
  public EmbedJobOptions {
    if (model == null || model.isBlank()) {
      throw new SettingsException(
          "Cannot embed: assay.models.embedder is not set; set it to a checkpoint folder");
    }
  }

  /** The same with another model. */
  public EmbedJobOptions at(String location) {
    return new EmbedJobOptions(location, compute, slices);
  }
}
