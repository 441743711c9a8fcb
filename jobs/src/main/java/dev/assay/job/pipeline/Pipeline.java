package dev.assay.job.pipeline;

import dev.assay.job.Job;
import dev.assay.job.JobRunner;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.files.WritableFolder;
import dev.assay.job.lock.WriterLock;
import dev.assay.job.workspace.Manifests;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Jobs to run in order on one workspace. A job is skipped if its tables are up to date.
 *
 * @param jobs each may read what the jobs before it write
 * @param workspace a path or URI
 * @param limit the largest share of rows that a job may quarantine
 */
public record Pipeline(List<Job> jobs, String workspace, SparkStart spark, QuarantineLimit limit) {
  /**
   * Checks everything that needs no Spark session: settings, checkpoints, input, tables, and that
   * the workspace can be written to.
   *
   * @throws SettingsException in one plain line
   */
  public void check() {
    checkInputs();
    if (!jobs.stream().allMatch(job -> job.outputs().isEmpty())) {
      WritableFolder.check("workspace", workspace, spark.hadoop());
    }
  }

  /** The same without the workspace, which is not touched: for a {@link DryRun}. */
  public void checkInputs() {
    Configuration hadoop = spark.hadoop();
    for (Job job : jobs) {
      job.check(hadoop);
    }
    if (!jobs.stream().allMatch(job -> job.inputs().isEmpty())) {
      checkTables(Manifests.in(workspace, hadoop));
    }
  }

  private void checkTables(Manifests manifests) {
    List<String> missing = new ArrayList<>();
    List<String> made = new ArrayList<>();
    for (Job job : jobs) {
      for (String table : job.inputs()) {
        if (!made.contains(table) && manifests.find(table).isEmpty()) {
          missing.add(table);
        }
      }
      made.addAll(job.outputs());
    }
    // The table that the pipeline makes first, because its job has to run first.
    missing.stream()
        .min(Comparator.comparingInt(Tables.names()::indexOf))
        .ifPresent(manifests::get);
  }

  /**
   * Checks and runs pipelines in order. They share a Spark session, which starts when the first has
   * passed its checks. While a pipeline that writes tables runs, no other process can write to its
   * workspace.
   *
   * @param out receives one summary line for each job
   * @param progress receives progress lines
   * @throws SettingsException if a check fails, or a workspace has another writer
   */
  public static void run(List<Pipeline> pipelines, PrintStream out, PrintStream progress) {
    String names = pipelines.stream().map(Pipeline::names).collect(Collectors.joining(" "));
    try (SharedSession shared = new SharedSession("assay " + names)) {
      for (Pipeline pipeline : pipelines) {
        pipeline.check();
        pipeline.run(shared, out, progress);
      }
    }
  }

  private void run(SharedSession shared, PrintStream out, PrintStream progress) {
    if (jobs.stream().allMatch(job -> job.outputs().isEmpty())) {
      run(shared, session -> Workspace.open(session, workspace), out, progress);
      return;
    }
    try (WriterLock lock = WriterLock.acquire(workspace, names(), spark.hadoop())) {
      try {
        run(shared, session -> opened(session, lock), out, progress);
      } catch (Exception e) { // checked ones included: Scala does not declare them
        lock.verifyAfter(e);
        throw e;
      }
    }
  }

  /** A writer that lost the workspace stops at once. */
  private Workspace opened(SparkSession session, WriterLock lock) {
    lock.onLoss(session.sparkContext()::cancelAllJobs);
    return Workspace.open(session, workspace, lock);
  }

  String names() {
    return jobs.stream().map(Job::name).collect(Collectors.joining(" "));
  }

  private void run(
      SharedSession shared,
      Function<SparkSession, Workspace> opening,
      PrintStream out,
      PrintStream progress) {
    SparkSession session = shared.started(spark);
    try {
      JobRunner runner = new JobRunner(session, opening.apply(session), out, progress, limit);
      for (Job job : jobs) {
        runner.run(job);
      }
    } catch (Throwable e) {
      shared.close(); // no task is left when the workspace is given back
      throw e;
    }
  }
}
