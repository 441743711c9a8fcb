package dev.assay.checkpoint.config;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;

/**
 * What {@code config.json} says, whichever way it is written.
 *
 * @param imageToken id of the token that stands for a piece of an image
 * @param visionStartToken id of the token before an image
 */
public record ModelConfig(
    Family family,
    DecoderConfig decoder,
    VisionConfig vision,
    long imageToken,
    long visionStartToken) {

  /**
   * Reads {@code config.json}: flat as released checkpoints have it, or nested ({@code
   * text_config}) as transformers 5 writes it.
   *
   * @throws CheckpointException if the file is missing, the architecture is another, or a number is
   *     missing or makes no sense
   */
  public static ModelConfig of(CheckpointFolder folder) {
    return new ModelConfigReader(folder).read();
  }
}
