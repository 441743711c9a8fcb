package dev.assay.cli;

import dev.assay.cli.settings.DemoSettings;
import dev.assay.cli.settings.EvaluateSettings;
import dev.assay.cli.settings.InferenceSettings;
import dev.assay.cli.settings.IngestSettings;
import dev.assay.cli.settings.MiningSettings;
import dev.assay.cli.settings.Settings;
import dev.assay.cli.settings.TrainSettings;
import dev.assay.job.Job;
import dev.assay.job.demo.DemoReportJob;
import dev.assay.job.embed.EmbedJob;
import dev.assay.job.evaluate.EvaluateJob;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.IngestJob;
import dev.assay.job.judge.JudgeJob;
import dev.assay.job.mine.MineJob;
import dev.assay.job.retrieve.RetrieveJob;
import dev.assay.job.train.TrainEmbedderJob;
import dev.assay.job.train.TrainRerankerJob;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** The jobs of a command line, each with its options. */
final class Jobs {
  private Jobs() {}

  /**
   * The jobs that a name stands for, in order: one, or those of the pipeline.
   *
   * @param name any but {@code export}
   * @param out takes the tables that some jobs print
   * @throws SettingsException for settings that cannot work
   */
  static List<Job> of(JobName name, Settings settings, PrintStream out) {
    return name == JobName.RUN || name == JobName.DEMO
        ? pipeline(name == JobName.DEMO, settings, out)
        : List.of(job(name, settings, out));
  }

  private static List<Job> pipeline(boolean demo, Settings settings, PrintStream out) {
    String[] words = JobName.pipeline().stream().map(JobName::word).toArray(String[]::new);
    JobName last = JobName.of(settings.choice("assay.run.through", words));
    List<Job> jobs = new ArrayList<>();
    for (JobName name : last.upToThis()) {
      // Without an input, run works on the tables that are there.
      if (name != JobName.INGEST || !settings.text("assay.ingest.input").isBlank()) {
        jobs.add(job(name, settings, out));
      }
      if (name == JobName.MINE && demo) {
        jobs.add(new DemoReportJob(DemoSettings.scenes(settings), out));
      }
    }
    return jobs;
  }

  private static Job job(JobName name, Settings settings, PrintStream out) {
    return switch (name) {
      case INGEST -> ingest(settings, settings.text("assay.ingest.input"));
      case EMBED -> new EmbedJob(InferenceSettings.embed(settings));
      case RETRIEVE -> new RetrieveJob(MiningSettings.retrieve(settings));
      case JUDGE -> new JudgeJob(InferenceSettings.judge(settings));
      case MINE -> new MineJob(MiningSettings.mine(settings));
      case TRAIN_EMBEDDER -> new TrainEmbedderJob(TrainSettings.embedder(settings));
      case TRAIN_RERANKER -> new TrainRerankerJob(TrainSettings.reranker(settings));
      case EVALUATE -> new EvaluateJob(EvaluateSettings.of(settings), out);
      case RUN, DEMO, EXPORT -> throw new IllegalArgumentException(name.word());
    };
  }

  /**
   * The job that reads an input.
   *
   * @param input a folder or a file
   */
  static Job ingest(Settings settings, String input) {
    return new IngestJob(IngestSettings.of(settings, input));
  }
}
