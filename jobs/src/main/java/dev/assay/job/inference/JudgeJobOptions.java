package dev.assay.job.inference;

import dev.assay.job.failure.SettingsException;
import java.util.List;

/**
 * How pairs are judged.
 *
 * @param model checkpoint folder of the judge, on any Hadoop file system
 * @param device auto, cpu or gpu
 * @param precision auto, float32 or bfloat16
 * @param order query-first (the paper's prompt), candidate-first, or auto: candidate-first for
 *     pairs whose candidate has an image while the query has none
 * @param instruction what the judge is told; empty for the paper's instruction
 * @param batchSize pairs of one shared side judged at once
 * @param maxTokens tokens in one pass of the decoder, beside the shared part
 * @param maxImagePixels largest image that is decoded
 * @param sliceSize pairs judged between two commits
 */
public record JudgeJobOptions(
    String model,
    String device,
    String precision,
    String order,
    String instruction,
    int batchSize,
    int maxTokens,
    long maxImagePixels,
    long sliceSize) {
  public JudgeJobOptions {
    if (model == null || model.isBlank()) {
      throw new SettingsException(
          "Cannot judge: assay.models.judge is not set; give a checkpoint folder");
    }
    if (!List.of("query-first", "candidate-first", "auto").contains(order)) {
      throw new SettingsException(
          "Cannot judge: assay.judge.order is '"
              + order
              + "'; it must be query-first, candidate-first or auto");
    }
  }

  /** The same with another model. */
  public JudgeJobOptions at(String location) {
    return new JudgeJobOptions(
        location,
        device,
        precision,
        order,
        instruction,
        batchSize,
        maxTokens,
        maxImagePixels,
        sliceSize);
  }
}
