package dev.assay.cli;

import dev.assay.job.Job;
import dev.assay.job.SettingsException;
import dev.assay.job.export.ExportJob;
import dev.assay.job.export.ExportOptions;
import dev.assay.job.export.OutputFormat;
import dev.assay.job.ingest.IngestJob;
import dev.assay.job.ingest.IngestOptions;
import dev.assay.job.ingest.InputFormat;
import java.util.ArrayList;
import java.util.List;

/** The jobs by name, each with its options taken from settings. */
final class Jobs {
  private static final List<String> NAMES =
      List.of("ingest", "embed", "retrieve", "judge", "mine", "run", "export");

  private static final List<String> LATER =
      List.of("train-embedder", "train-reranker", "evaluate", "report", "demo");

  private Jobs() {}

  /**
   * The jobs that a command line asks for, in order.
   *
   * @throws SettingsException for a job that is not one, and for settings that cannot work
   */
  static List<Job> of(Arguments arguments) {
    checkName(arguments.job);
    Settings settings = arguments.settings();
    if (!arguments.job.equals("run")) {
      return List.of(job(arguments.job, arguments, settings));
    }
    List<Job> all = new ArrayList<>();
    for (String name : List.of("ingest", "embed", "retrieve", "judge", "mine")) {
      // Without input the tables that are there are gone on with.
      if (!name.equals("ingest") || !settings.text("assay.ingest.input").isBlank()) {
        all.add(job(name, arguments, settings));
      }
    }
    return all;
  }

  private static void checkName(String name) {
    if (LATER.contains(name)) {
      throw new SettingsException("Cannot run " + name + ": it is not in this version");
    }
    if (!NAMES.contains(name)) {
      throw new SettingsException(
          "Unknown job " + name + "; the nearest known one is " + Nearest.to(name, NAMES));
    }
  }

  private static Job job(String name, Arguments arguments, Settings settings) {
    return switch (name) {
      case "ingest" -> new IngestJob(ingest(settings));
      case "export" -> new ExportJob(export(arguments));
      default -> throw new SettingsException("Cannot run " + name + ": it is not in this version");
    };
  }

  private static IngestOptions ingest(Settings settings) {
    return new IngestOptions(
        settings.choice("assay.ingest.format", InputFormat.class),
        settings.text("assay.ingest.input"),
        settings.text("assay.ingest.image-root"),
        settings.real("assay.ingest.max-quarantined"));
  }

  private static ExportOptions export(Arguments arguments) {
    String format = arguments.format == null ? "jsonl" : arguments.format;
    return new ExportOptions(
        arguments.table == null ? "" : arguments.table,
        Settings.choice("--format", format, OutputFormat.class),
        arguments.output == null ? "" : arguments.output);
  }
}
