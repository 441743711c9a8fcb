package dev.assay.job.ingest;

import dev.assay.job.SettingsException;

/**
 * What to ingest.
 *
 * @param format how the input is written
 * @param input a folder ({@link InputFormat#JSONL}) or a file ({@link InputFormat#UNIME_V2}), a
 *     path or URI
 * @param imageRoot the folder under which images lie; empty: the folder {@code images} beside the
 *     input's files if there is one, else the folder of these files
 * @param maxQuarantined share of rows, 0 to 1, that may be unusable before the job stops
 */
public record IngestOptions(
    InputFormat format, String input, String imageRoot, double maxQuarantined) {
  public IngestOptions {
    if (input.isBlank()) {
      throw new SettingsException(
          "Cannot ingest: no input was given; name it with --input or assay.ingest.input");
    }
    if (!(maxQuarantined >= 0 && maxQuarantined <= 1)) {
      throw new SettingsException(
          "Cannot ingest: assay.ingest.max-quarantined is a share between 0 and 1, not "
              + maxQuarantined);
    }
  }
}
