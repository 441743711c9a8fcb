package dev.assay.session;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.model.Precision;
import dev.assay.prompt.ImageProcessor;

/**
 * What the results of a checkpoint depend on, except the input. It is known without loading
 * weights.
 *
 * @param contents {@link Fingerprint#of(CheckpointFolder)}
 * @param images {@link ImageProcessor#fingerprint}
 */
public record CheckpointIdentity(String contents, Precision precision, String images) {
  /**
   * @throws dev.assay.checkpoint.CheckpointException if a file of the checkpoint cannot be used
   */
  public static CheckpointIdentity of(CheckpointFolder folder, Precision precision) {
    return new CheckpointIdentity(
        Fingerprint.of(folder), precision, ImageProcessor.of(folder).fingerprint());
  }

  /** One name for all of this and for what a computation adds: its name, version and prompt. */
  public String fingerprint(String computation, int version, String... settings) {
    return Fingerprint.of(
        contents,
        precision.name(),
        images,
        computation,
        Integer.toString(version),
        Fingerprint.of(settings));
  }
}
