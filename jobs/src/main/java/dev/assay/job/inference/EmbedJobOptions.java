package dev.assay.job.inference;

import dev.assay.job.failure.SettingsException;

/**
 * How items are embedded.
 *
 * @param model checkpoint folder of the embedder, on any Hadoop file system
 * @param device auto, cpu or gpu
 * @param precision auto, float32 or bfloat16
 * @param batchSize items put to the model at once
 * @param maxTokens tokens in one pass of the decoder
 * @param maxImagePixels largest image that is decoded
 * @param sliceSize items embedded between two commits
 */
public record EmbedJobOptions(
    String model,
    String device,
    String precision,
    int batchSize,
    int maxTokens,
    long maxImagePixels,
    long sliceSize) {
  public EmbedJobOptions {
    if (model == null || model.isBlank()) {
      throw new SettingsException(
          "Cannot embed: assay.models.embedder is not set; give a checkpoint folder");
    }
  }

  /** The same with another model. */
  public EmbedJobOptions at(String location) {
    return new EmbedJobOptions(
        location, device, precision, batchSize, maxTokens, maxImagePixels, sliceSize);
  }
}
