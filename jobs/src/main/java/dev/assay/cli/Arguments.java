package dev.assay.cli;

import dev.assay.job.demo.DemoModels;
import dev.assay.job.failure.SettingsException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What stands on the command line. */
@Command(
    name = "assay",
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis =
        "assay JOB --workspace URI [--config FILE]... [--set KEY=VALUE]... [--master MASTER]",
    header = "Hard-negative mining for multimodal embeddings, with a multimodal LLM as judge.",
    description = {
      "",
      "Jobs:",
      "  ingest     files become tables: queries, candidates, positives",
      "  embed      query_embeddings, candidate_embeddings",
      "  retrieve   the most similar candidates of each query: retrieved",
      "  judge      every retrieved pair and every positive, scored: scored",
      "  mine       hard negatives: negatives, decisions",
      "  train-embedder, train-reranker",
      "             models trained on the mined negatives: models/embedder, models/reranker",
      "  evaluate   embedders and reranker measured where positives are known: evaluation",
      "  run        all of these, each skipped where its tables are up to date",
      "  demo       run on Scenes, a small world whose truth is known, and a report of what it"
          + " gave",
      "  export     a table becomes a file, or a trained model a folder of its own",
      ""
    },
    footer = {"", "Exit status: 0 done, 1 failed, 2 wrong usage or settings."})
final class Arguments {
  private static final String DEMO_WORKSPACE = "assay-demo";

  @Parameters(index = "0", arity = "1", paramLabel = "JOB", description = "One of the above.")
  String job;

  @Option(
      names = "--workspace",
      paramLabel = "URI",
      description =
          "Folder of the tables, on any Hadoop file system; demo: " + DEMO_WORKSPACE + ".")
  private String workspace;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON file of settings; the last one wins.")
  List<String> configs = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting such as assay.mine.beta=0.02; wins over files.")
  List<String> assignments = new ArrayList<>();

  @Option(
      names = "--master",
      paramLabel = "MASTER",
      description = "Spark's master; without it this machine.")
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
      names = "--rebuild-models",
      description = "demo: make its two models anew first, from random weights.")
  boolean rebuildModels;

  @Option(
      names = "--merge",
      description =
          "export: an adapter and its base become one checkpoint that transformers opens.")
  boolean merge;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  boolean help;

  boolean isOneOf(String... jobs) {
    return List.of(jobs).contains(job);
  }

  /**
   * The workspace to work on.
   *
   * @throws SettingsException if none was given, and there is no other for the job
   */
  String workspace() {
    if (workspace == null && !isOneOf("demo")) {
      throw new SettingsException("Cannot run " + job + ": --workspace URI is missing");
    }
    return workspace == null ? DEMO_WORKSPACE : workspace;
  }

  /** Settings as this command line asks for them. */
  Settings settings() {
    List<String> all = new ArrayList<>(assignments);
    boolean ingests = isOneOf("ingest", "run");
    boolean exports = isOneOf("export");
    take(all, "--input", input, "assay.ingest.input", ingests);
    take(all, "--image-root", imageRoot, "assay.ingest.image-root", ingests);
    take(all, "--format", format, exports ? null : "assay.ingest.format", ingests || exports);
    take(all, "--table", table, null, exports);
    take(all, "--output", output, null, exports);
    take(all, "--merge", merge ? "true" : null, null, exports);
    if (rebuildModels && !isOneOf("demo")) {
      throw new SettingsException("Cannot use --rebuild-models with " + job);
    }
    return isOneOf("demo")
        ? Settings.read(DemoSettings.of(workspace(), demoModels()), configs, all)
        : Settings.read(configs, all);
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
      throw new SettingsException("Cannot use " + option + " with " + job);
    }
    if (key != null) {
      all.add(key + "=" + value);
    }
  }
}
