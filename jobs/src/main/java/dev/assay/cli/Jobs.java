package dev.assay.cli;

import dev.assay.job.Job;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.demo.DemoOptions;
import dev.assay.job.demo.DemoReportJob;
import dev.assay.job.embed.EmbedJob;
import dev.assay.job.evaluate.EvaluateJob;
import dev.assay.job.evaluate.EvaluateOptions;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.export.ExportJob;
import dev.assay.job.export.ExportModelJob;
import dev.assay.job.export.ExportModelOptions;
import dev.assay.job.export.ExportOptions;
import dev.assay.job.export.OutputFormat;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.ingest.IngestJob;
import dev.assay.job.ingest.IngestOptions;
import dev.assay.job.ingest.InputFormat;
import dev.assay.job.judge.JudgeJob;
import dev.assay.job.mine.MineJob;
import dev.assay.job.mine.MineOptions;
import dev.assay.job.retrieve.RetrieveJob;
import dev.assay.job.retrieve.RetrieveOptions;
import dev.assay.job.retrieve.SimilarityLimit;
import dev.assay.job.search.Pool;
import dev.assay.job.train.TrainEmbedderJob;
import dev.assay.job.train.TrainRerankerJob;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** The jobs by name, each with its options taken from settings. */
final class Jobs {
  private static final List<String> NAMES =
      List.of(
          "ingest",
          "embed",
          "retrieve",
          "judge",
          "mine",
          "train-embedder",
          "train-reranker",
          "evaluate",
          "run",
          "demo",
          "export");

  /** What {@code run} runs, in order. */
  private static final List<String> PIPELINE =
      List.of(
          "ingest",
          "embed",
          "retrieve",
          "judge",
          "mine",
          "train-embedder",
          "train-reranker",
          "evaluate");

  private static final List<String> LATER = List.of("report");

  private Jobs() {}

  /**
   * The jobs that a command line asks for, in order.
   *
   * @throws SettingsException for a job that is not one, and for settings that cannot work
   */
  static List<Job> of(Arguments arguments, PrintStream out) {
    checkName(arguments.job);
    Settings settings = arguments.settings();
    if (!arguments.isOneOf("run", "demo")) {
      return List.of(job(arguments.job, arguments, settings, out));
    }
    List<Job> all = new ArrayList<>();
    String last = settings.choice("assay.run.through", PIPELINE.toArray(String[]::new));
    for (String name : PIPELINE.subList(0, PIPELINE.indexOf(last) + 1)) {
      // Without input the tables that are there are gone on with.
      if (!name.equals("ingest") || !settings.text("assay.ingest.input").isBlank()) {
        all.add(job(name, arguments, settings, out));
      }
      if (name.equals("mine") && arguments.isOneOf("demo")) {
        all.add(new DemoReportJob(demo(settings), out));
      }
    }
    return all;
  }

  /** What the demo is about. */
  static DemoOptions demo(Settings settings) {
    return new DemoOptions(
        settings.count("assay.demo.queries", 1),
        settings.count("assay.demo.candidates", 1),
        settings.whole("assay.demo.seed", Long.MIN_VALUE));
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

  private static Job job(String name, Arguments arguments, Settings settings, PrintStream out) {
    return switch (name) {
      case "evaluate" -> new EvaluateJob(evaluate(settings), out);
      case "ingest" -> ingest(settings, settings.text("assay.ingest.input"));
      case "embed" -> new EmbedJob(embed(settings));
      case "retrieve" -> new RetrieveJob(retrieve(settings));
      case "judge" -> new JudgeJob(judge(settings));
      case "mine" -> new MineJob(mine(settings));
      case "train-embedder" -> new TrainEmbedderJob(TrainSettings.embedder(settings));
      case "train-reranker" -> new TrainRerankerJob(TrainSettings.reranker(settings));
      case "export" -> export(arguments);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The job that ingests what lies there. */
  static Job ingest(Settings settings, String input) {
    return new IngestJob(ingestOptions(settings, input));
  }

  private static IngestOptions ingestOptions(Settings settings, String input) {
    return new IngestOptions(
        settings.choice("assay.ingest.format", InputFormat.class),
        input,
        settings.text("assay.ingest.split"),
        settings.text("assay.ingest.image-root"),
        limit("assay.ingest.max-quarantined", settings),
        settings.count("assay.ingest.max-text-bytes", 1));
  }

  /** How much each job may set aside, unless it has a limit of its own. */
  static QuarantineLimit quarantineLimit(Settings settings) {
    return limit("assay.max-quarantined", settings);
  }

  private static QuarantineLimit limit(String key, Settings settings) {
    return new QuarantineLimit(key, settings.real(key));
  }

  private static EmbedJobOptions embed(Settings settings) {
    return embed(settings, settings.text("assay.models.embedder"));
  }

  private static EmbedJobOptions embed(Settings settings, String model) {
    return new EmbedJobOptions(
        model,
        device(settings),
        precision(settings),
        settings.count("assay.embed.batch-size", 1),
        settings.count("assay.embed.max-tokens", 1),
        settings.whole("assay.image.max-pixels", 1),
        settings.whole("assay.embed.slice-size", 1));
  }

  private static RetrieveOptions retrieve(Settings settings) {
    return new RetrieveOptions(
        settings.count("assay.retrieve.top-k", 1),
        settings.choice("assay.retrieve.pool", Pool.class),
        SimilarityLimit.parse(settings.text("assay.retrieve.max-similarity")),
        settings.count("assay.retrieve.block-size", 1));
  }

  private static JudgeJobOptions judge(Settings settings) {
    return judge(
        settings, settings.text("assay.models.judge"), settings.text("assay.judge.instruction"));
  }

  private static JudgeJobOptions judge(Settings settings, String model, String instruction) {
    return new JudgeJobOptions(
        model,
        device(settings),
        precision(settings),
        settings.choice("assay.judge.order", "query-first", "candidate-first", "auto"),
        instruction,
        settings.count("assay.judge.batch-size", 1),
        settings.count("assay.judge.max-tokens", 1),
        settings.whole("assay.image.max-pixels", 1),
        settings.whole("assay.judge.slice-size", 1));
  }

  private static MineOptions mine(Settings settings) {
    return new MineOptions(
        settings.real("assay.mine.beta"),
        settings.count("assay.mine.negatives", 1),
        settings.count("assay.mine.step", 1),
        settings.choice("assay.mine.fallback", MineOptions.Fallback.class),
        settings.whole("assay.mine.seed", Long.MIN_VALUE));
  }

  private static EvaluateOptions evaluate(Settings settings) {
    return new EvaluateOptions(
        settings.text("assay.evaluate.data"),
        EvaluatedSystem.parse(settings.text("assay.evaluate.systems")),
        settings.text("assay.models.embedder"),
        settings.text("assay.models.reranker"),
        embed(settings, "embedder"), // each system is run with its own
        judge(settings, "reranker", settings.text("assay.train-reranker.pair-instruction")),
        settings.text("assay.train-reranker.list-instruction"),
        settings.choice("assay.evaluate.pool", Pool.class),
        settings.count("assay.evaluate.depth", 1),
        settings.choice("assay.evaluate.rerank-method", EvaluateOptions.RerankMethod.class),
        settings.count("assay.evaluate.rerank-top", 1),
        settings.count("assay.retrieve.block-size", 1),
        settings.count("assay.evaluate.resamples", 1),
        settings.whole("assay.evaluate.seed", Long.MIN_VALUE));
  }

  static String device(Settings settings) {
    return settings.choice("assay.device", "auto", "cpu", "gpu");
  }

  static String precision(Settings settings) {
    return settings.choice("assay.precision", "auto", "float32", "bfloat16");
  }

  private static Job export(Arguments arguments) {
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
