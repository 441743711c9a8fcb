package dev.assay.job.export;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.workspace.Tables;

/**
 * What to export.
 *
 * @param table one of {@link Tables#names()}
 * @param format how to write it
 * @param output the file to write, a path or URI; one that is there is replaced
 */
public record ExportOptions(String table, OutputFormat format, String output) {
  public ExportOptions {
    if (table.isBlank()) {
      throw new SettingsException("Cannot export: no table was given; name it with --table");
    }
    if (!Tables.names().contains(table)) {
      throw new SettingsException(
          "Cannot export table "
              + table
              + ": the tables are "
              + String.join(", ", Tables.names())
              + "; the models models/embedder, models/reranker");
    }
    if (output.isBlank()) {
      throw new SettingsException("Cannot export: no file was given; name it with --output");
    }
    if (format == OutputFormat.UNIME_V2 && !table.equals(Tables.NEGATIVES)) {
      throw new SettingsException(
          "Cannot export table " + table + " as unime-v2: that is a format of table negatives");
    }
  }
}
