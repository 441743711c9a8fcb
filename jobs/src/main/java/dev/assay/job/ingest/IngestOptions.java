package dev.assay.job.ingest;

import dev.assay.job.QuarantineLimit;
import dev.assay.job.failure.SettingsException;

/**
 * What to ingest.
 *
 * @param format how the input is written
 * @param input a folder, or a file ({@link InputFormat#UNIME_V2}), a path or URI
 * @param split of datasets that have several splits, the one to read; else empty
 * @param imageRoot the folder under which images lie; empty: the folder {@code images} beside the
 *     input's files if there is one, else the folder of these files
 * @param maxQuarantined how many rows may be unusable before the job stops
 * @param maxTextBytes an item's text is cut to so many bytes of UTF-8
 */
public record IngestOptions(
    InputFormat format,
    String input,
    String split,
    String imageRoot,
    QuarantineLimit maxQuarantined,
    int maxTextBytes) {
  public IngestOptions {
    if (input.isBlank()) {
      throw new SettingsException(
          "Cannot ingest: no input was given; name it with --input or assay.ingest.input");
    }
  }
}
