package dev.assay.job;

import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Workspace;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.SparkSession;

/** Runs jobs on one workspace. A job is skipped if its result already exists. */
public final class JobRunner {
  /**
   * The end of a job.
   *
   * @param skipped true if the tables were already up to date
   */
  public record Outcome(String job, boolean skipped, JobResult result, Duration took) {}

  private final SparkSession spark;
  private final Workspace workspace;
  private final PrintStream out;
  private final PrintStream progress;
  private final QuarantineLimit limit;

  /**
   * @param out receives one summary line for each job
   * @param progress receives progress lines while a job runs
   * @param limit the largest share of rows that a job may quarantine
   */
  public JobRunner(
      SparkSession spark,
      Workspace workspace,
      PrintStream out,
      PrintStream progress,
      QuarantineLimit limit) {
    this.spark = spark;
    this.workspace = workspace;
    this.out = out;
    this.progress = progress;
    this.limit = limit;
  }

  /** A runner without a limit on quarantined rows. */
  public JobRunner(SparkSession spark, Workspace workspace, PrintStream out, PrintStream progress) {
    this(spark, workspace, out, progress, QuarantineLimit.NONE);
  }

  /**
   * Runs a job. It is skipped if its tables exist and the same version made them from the same
   * inputs with the same settings.
   *
   * @throws SettingsException if an input table is missing
   */
  public Outcome run(Job job) {
    long start = System.nanoTime();
    try (Progress shown = new Progress(spark, progress, job.name())) {
      job.check(spark.sparkContext().hadoopConfiguration());
      JobContext context = new JobContext(spark, workspace, shown, job, limit);
      Manifest.Draft draft = context.begin();
      Optional<Manifest> done = upToDate(job, draft);
      if (done.isPresent()) {
        JobResult earlier = new JobResult(done.get().counts(), "up to date");
        return report(new Outcome(job.name(), true, earlier, since(start)));
      }
      spark.sparkContext().setJobGroup("assay-" + job.name(), "assay " + job.name(), true);
      boolean committed = false;
      try {
        JobResult result = context.withSetAside(job.run(context));
        context.commit(result);
        committed = true;
        return report(new Outcome(job.name(), false, result, since(start)));
      } finally {
        context.clear();
        if (!committed) {
          context.discard();
        }
        spark.sparkContext().clearJobGroup();
      }
    }
  }

  /**
   * What running a job would do now. Nothing is written. All of the job's input tables are there.
   *
   * @param rate see {@link Job#estimate}
   * @return empty if the job would be skipped
   */
  public Optional<CostEstimate> estimate(Job job, OptionalDouble rate) {
    try (Progress shown = new Progress(spark, progress, job.name())) {
      JobContext context = new JobContext(spark, workspace, shown, job, limit);
      return upToDate(job, context.begin()).isPresent()
          ? Optional.empty()
          : Optional.of(job.estimate(context, rate));
    }
  }

  private Optional<Manifest> upToDate(Job job, Manifest.Draft draft) {
    if (job.runsAgain()
        || job.outputs().isEmpty()
        || !job.outputs().stream().allMatch(workspace::has)) {
      return Optional.empty();
    }
    return workspace.find(job.outputs().get(0)).filter(manifest -> manifest.matches(draft));
  }

  private Outcome report(Outcome outcome) {
    String time =
        outcome.skipped()
            ? ""
            : String.format(Locale.ROOT, " (%.1f s)", outcome.took().toMillis() / 1000.0);
    out.println(outcome.job() + ": " + outcome.result().summary() + time);
    return outcome;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
