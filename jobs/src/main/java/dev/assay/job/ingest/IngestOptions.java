package dev.assay.job.ingest;

import dev.assay.job.QuarantineLimit;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.images.ImageHashes;
import dev.assay.job.ingest.pack.PackImages;

/**
 * What to ingest.
 *
 * @param format of the input
 * @param input a folder, or a file ({@link InputFormat#UNIME_V2}), a path or URI
 * @param split the split to read of datasets that have several splits; else empty
 * @param imageRoot the folder under which images lie; if empty, the folder {@code images} beside
 *     the input's files if there is one, else the folder of these files
 * @param maxQuarantined how many rows may be unusable before the job stops
 * @param maxTextBytes the length in bytes of UTF-8 to which a longer text is cut
 * @param hashes how contents are hashed and which hashes are remembered
 * @param packs whether and how images are packed
 */
public record IngestOptions(
    InputFormat format,
    String input,
    String split,
    String imageRoot,
    QuarantineLimit maxQuarantined,
    int maxTextBytes,
    ImageHashes hashes,
    PackImages packs) {
  public IngestOptions {
    if (input.isBlank()) {
      throw new SettingsException(
          "Cannot ingest: no input was given; name it with --input or assay.ingest.input");
    }
  }
}
