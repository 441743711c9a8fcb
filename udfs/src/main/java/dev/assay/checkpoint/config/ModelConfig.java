package dev.assay.checkpoint.config;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;

/**
 * The contents of {@code config.json}.
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
   * <p>A key that is missing has the default of transformers' configuration class of the family.
   *
   * @throws CheckpointException if the file is missing, the architecture is another, or a value
   *     makes no sense or is not supported
   */
  public static ModelConfig of(CheckpointFolder folder) {
    return new ModelConfigReader(folder).read();
  }
}
