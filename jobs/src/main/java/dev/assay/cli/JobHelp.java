package dev.assay.cli;

import dev.assay.cli.settings.DemoSettings;
import dev.assay.cli.settings.IngestSettings;
import dev.assay.cli.settings.Reference;
import dev.assay.cli.settings.Reference.Setting;
import dev.assay.cli.settings.Settings;
import dev.assay.cli.settings.SparkSettings;
import java.io.PrintStream;
import java.util.ArrayList;
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

  private static final List<String> METHODS = List.of("lora", "full");

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

  /** The keys that are read to make the job: they are its settings. */
  static Set<String> keysRead(JobName job) {
    Set<String> keys = new TreeSet<>();
    for (String method : METHODS) { // each method of training has settings of its own
      List<String> given = new ArrayList<>(ANY);
      given.add("assay.train-embedder.method=" + method);
      given.add("assay.train-reranker.method=" + method);
      Settings settings = Settings.read(List.of(), given);
      IngestSettings.quarantineLimit(settings);
      if (job == JobName.DEMO) {
        DemoSettings.scenes(settings);
      }
      Jobs.of(job, settings, new PrintStream(PrintStream.nullOutputStream()));
      if (settings.keysRead().contains("assay.device")) {
        SparkSettings.of(settings); // concerns jobs with a model
      }
      keys.addAll(settings.keysRead());
    }
    return keys;
  }

  private static String wrapped(String text) {
    return text.replaceAll("(.{1," + WIDTH + "})(?:\\s+|$)", INDENT + "$1\n");
  }
}
