package dev.assay.cli;

import dev.assay.cli.settings.DemoSettings;
import dev.assay.cli.settings.Settings;
import dev.assay.job.demo.DemoModels;
import dev.assay.job.failure.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line. */
@Command(
    name = "assay",
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis =
        "assay JOB --workspace URI [--config FILE]... [--set KEY=VALUE]... [--master MASTER]%n"
            + "       assay JOB … --dry-run%n"
            + "       assay JOB --help",
    header = "Hard-negative mining for multimodal embeddings, with a multimodal LLM as judge.",
    footer = {"", "Exit status: 0 done, 1 failed, 2 wrong usage or settings."})
final class Arguments {
  private static final String DEMO_WORKSPACE = "assay-demo";

  @Parameters(
      index = "0",
      arity = "1",
      paramLabel = "JOB",
      description = "One of the above. JOB --help shows the settings of a job.")
  String word;

  @Option(
      names = "--workspace",
      paramLabel = "URI",
      description =
          "Folder of the tables, on any Hadoop file system. The demo's default is "
              + DEMO_WORKSPACE
              + ".")
  private String workspace;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON file of settings. The last file wins.")
  List<String> configs = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting, such as assay.mine.beta=0.02. It wins over files.")
  List<String> assignments = new ArrayList<>();

  @Option(
      names = "--master",
      paramLabel = "MASTER",
      description = "Spark's master. The default is this machine.")
  String master;

  @Option(
      names = "--input",
      paramLabel = "DIR|FILE",
      description = "ingest, run: what to read (assay.ingest.input).")
  String input;

  @Option(
      names = "--image-root",
      paramLabel = "DIR",
      description = "ingest, run: folder of the images (assay.ingest.image-root).")
  String imageRoot;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "ingest, run (assay.ingest.format): jsonl, unime-v2, mmeb-train, mmeb-eval or sugarcrepe;"
              + " export: jsonl or unime-v2.")
  String format;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "export: which table, or models/embedder or models/reranker.")
  String table;

  @Option(
      names = "--output",
      paramLabel = "FILE|DIR",
      description = "export: the file to write, for a model the folder.")
  String output;

  @Option(
      names = "--dry-run",
      description =
          "Any job but demo and export: say what it would do and what it would cost, and write"
              + " nothing.")
  boolean dryRun;

  @Option(
      names = "--rate",
      paramLabel = "NUMBER",
      description =
          "embed, retrieve, judge, train-embedder, train-reranker with --dry-run: items, pairs or"
              + " rows a second, in place of a measurement on a sample.")
  private Double rate;

  @Option(
      names = "--rebuild-models",
      description = "demo: first train its two models again, from random weights.")
  boolean rebuildModels;

  @Option(
      names = "--merge",
      description =
          "export: merge an adapter into its base, as one checkpoint that transformers opens.")
  boolean merge;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help, or the settings of a job.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  /**
   * The job.
   *
   * @throws SettingsException if there is no job of that name
   */
  JobName job() {
    return JobName.of(word);
  }

  boolean is(JobName... jobs) {
    return List.of(jobs).contains(job());
  }

  /**
   * The workspace to work on.
   *
   * @throws SettingsException if none was given, and the job has no default
   */
  String workspace() {
    if (workspace == null && !is(JobName.DEMO)) {
      throw new SettingsException("Cannot run " + word + ": --workspace URI is missing");
    }
    return workspace == null ? DEMO_WORKSPACE : workspace;
  }

  /**
   * The settings of this command line.
   *
   * @throws SettingsException for a wrong setting, and for an option of another job
   */
  Settings settings() {
    List<String> all = new ArrayList<>(assignments);
    boolean ingests = is(JobName.INGEST, JobName.RUN);
    boolean exports = is(JobName.EXPORT);
    take(all, "--input", input, "assay.ingest.input", ingests);
    take(all, "--image-root", imageRoot, "assay.ingest.image-root", ingests);
    take(all, "--format", format, exports ? null : "assay.ingest.format", ingests || exports);
    take(all, "--table", table, null, exports);
    take(all, "--output", output, null, exports);
    take(all, "--merge", merge ? "true" : null, null, exports);
    if (rebuildModels && !is(JobName.DEMO)) {
      throw new SettingsException("Cannot use --rebuild-models with " + word);
    }
    checkDryRun();
    return is(JobName.DEMO)
        ? Settings.read(DemoSettings.of(workspace(), demoModels()), configs, all)
        : Settings.read(configs, all);
  }

  private void checkDryRun() {
    if (dryRun && is(JobName.DEMO, JobName.EXPORT)) {
      throw new SettingsException("Cannot use --dry-run with " + word);
    }
    if (rate == null) {
      return;
    }
    if (!dryRun) {
      throw new SettingsException("Cannot use --rate without --dry-run");
    }
    if (!is(
        JobName.EMBED,
        JobName.RETRIEVE,
        JobName.JUDGE,
        JobName.TRAIN_EMBEDDER,
        JobName.TRAIN_RERANKER)) {
      throw new SettingsException(
          "Cannot use --rate with "
              + word
              + ": only embed, retrieve, judge, train-embedder and train-reranker");
    }
    if (!(rate > 0) || rate.isInfinite()) {
      throw new SettingsException("Cannot use --rate " + rate + ": it must be more than 0");
    }
  }

  /** The given rate of a dry run, in rows a second. */
  OptionalDouble rate() {
    return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
  }

  /** The models of the demo. */
  DemoModels demoModels() {
    return rebuildModels ? DemoModels.ofWorkspace(workspace()) : DemoSettings.models();
  }

  private void take(List<String> all, String option, String value, String key, boolean fits) {
    if (value == null) {
      return;
    }
    if (!fits) {
      throw new SettingsException("Cannot use " + option + " with " + word);
    }
    if (key != null) {
      all.add(key + "=" + value);
    }
  }
}
