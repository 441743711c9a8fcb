package dev.assay.cli;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.cli.settings.DemoSettings;
import dev.assay.cli.settings.IngestSettings;
import dev.assay.cli.settings.Reference;
import dev.assay.cli.settings.Reference.Setting;
import dev.assay.cli.settings.Settings;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code assay JOB --help} prints: the settings that the job reads, with their defaults and
 * meanings from reference.conf.
 */
final class JobHelp {
  private static final String INDENT = " ".repeat(6);
  private static final int WIDTH = 90;

  /** Settings without a default that a job cannot be made without. Their values are not shown. */
  private static final List<String> ANY =
      List.of(
          "assay.ingest.input=any",
          "assay.models.embedder=any",
          "assay.models.judge=any",
          "assay.models.reranker=any");

  private JobHelp() {}

  static void print(JobName job, PrintStream out) {
    out.println("assay " + job.word() + ": " + job.meaning);
    out.println();
    if (job == JobName.EXPORT) {
      out.println("It has options and no settings: assay --help shows its options.");
      return;
    }
    out.println(
        "Settings, each with its default. Change one with --set KEY=VALUE or --config FILE:");
    Set<String> read = keysRead(job);
    Map<String, String> own = new HashMap<>();
    if (job == JobName.DEMO) {
      own.putAll(DemoSettings.values());
    }
    for (Setting setting : Reference.settings()) {
      if (read.contains(setting.key())) {
        out.println();
        String value = own.getOrDefault(setting.key(), setting.value());
        out.println("  " + setting.key() + " = " + (value.isEmpty() ? "\"\"" : value));
        out.print(wrapped(setting.meaning()));
      }
    }
    out.println();
    out.println(
        "assay.spark.NAME is Spark's own setting spark.NAME. assay --help shows the options.");
  }

  /** The keys that making the job reads: they are its settings. */
  static Set<String> keysRead(JobName job) {
    Settings settings = Settings.read(List.of(), ANY);
    IngestSettings.quarantineLimit(settings);
    if (job == JobName.DEMO) {
      DemoSettings.scenes(settings);
    }
    Jobs.of(job, settings, new PrintStream(PrintStream.nullOutputStream()));
    Set<String> keys = new TreeSet<>(settings.keysRead());
    if (keys.stream().anyMatch(key -> key.startsWith("assay.models.") || key.endsWith(".model"))) {
      keys.add(CheckpointFolder.REHASH); // read by whatever opens a model
    }
    return keys;
  }

  private static String wrapped(String text) {
    return text.replaceAll("(.{1," + WIDTH + "})(?:\\s+|$)", INDENT + "$1\n");
  }
}
