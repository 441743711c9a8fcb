package dev.assay.cli;

import dev.assay.cli.settings.Settings;
import dev.assay.job.Job;
import dev.assay.job.export.ExportJob;
import dev.assay.job.export.ExportModelJob;
import dev.assay.job.export.ExportModelOptions;
import dev.assay.job.export.ExportOptions;
import dev.assay.job.export.OutputFormat;
import dev.assay.job.failure.SettingsException;

/** What {@code assay export} exports. It has options on the command line, and no settings. */
final class Export {
  private Export() {}

  /**
   * The job that exports a table, or a trained model.
   *
   * @throws SettingsException for options that do not go together
   */
  static Job job(Arguments arguments) {
    String table = arguments.table == null ? "" : arguments.table;
    String output = arguments.output == null ? "" : arguments.output;
    if (ExportModelOptions.isModel(table)) {
      if (arguments.format != null) {
        throw new SettingsException("Cannot use --format with " + table + ": it is no table");
      }
      return new ExportModelJob(
          new ExportModelOptions(arguments.workspace(), table, arguments.merge, output));
    }
    if (arguments.merge) {
      throw new SettingsException("Cannot use --merge with " + table + ": it is no model");
    }
    String format = arguments.format == null ? "jsonl" : arguments.format;
    return new ExportJob(
        new ExportOptions(table, Settings.choice("--format", format, OutputFormat.class), output));
  }
}
