package dev.assay.job.pipeline;

import dev.assay.job.Job;
import dev.assay.job.JobRunner;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.workspace.Workspace;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * Says what the jobs of a pipeline would do and what that would cost. It writes nothing, and so
 * needs no workspace that can be written to, nor one that is free.
 *
 * @param rate rows a second that a job's model computes; empty: measured on a sample
 */
public record DryRun(Pipeline pipeline, OptionalDouble rate) {

  /**
   * Prints one line for each job, and below it one for each figure. Call {@link
   * Pipeline#checkInputs} first.
   *
   * @param progress receives progress lines
   */
  public void run(PrintStream out, PrintStream progress) {
    SparkSession session = pipeline.spark().session("assay dry run of " + pipeline.names());
    try {
      Workspace workspace = Workspace.openToRead(session, pipeline.workspace());
      run(session, workspace, out, progress);
    } finally {
      session.stop();
    }
  }

  void run(SparkSession session, Workspace workspace, PrintStream out, PrintStream progress) {
    JobRunner runner = new JobRunner(session, workspace, out, progress, pipeline.limit());
    Set<String> changing = new HashSet<>();
    double seconds = 0;
    for (Job job : pipeline.jobs()) {
      List<String> missing = job.inputs().stream().filter(t -> !workspace.has(t)).toList();
      boolean stale = job.inputs().stream().anyMatch(changing::contains);
      if (!missing.isEmpty()) {
        out.printf(
            Locale.ROOT,
            "%s: would run; what it costs is known when there is %s%n",
            job.name(),
            String.join(", ", missing));
        changing.addAll(job.outputs());
        continue;
      }
      Optional<CostEstimate> estimate = runner.estimate(job, rate);
      if (estimate.isEmpty() && !stale) {
        out.println(job.name() + ": up to date");
        continue;
      }
      changing.addAll(job.outputs());
      out.println(
          job.name() + ": would run" + (stale ? "; these are figures of the tables as now" : ""));
      CostEstimate found = estimate.orElse(CostEstimate.UNKNOWN.with("work", "none"));
      if (!job.inputs().isEmpty()) {
        found = found.with("to read", "%s of tables", CostEstimate.bytes(bytes(job, workspace)));
      }
      print(found, out);
      seconds += Double.isNaN(found.seconds()) ? 0 : found.seconds();
    }
    if (pipeline.jobs().size() > 1) {
      out.println("models would compute for " + CostEstimate.time(seconds) + " in the jobs above");
    }
  }

  private static long bytes(Job job, Workspace workspace) {
    return job.inputs().stream().mapToLong(workspace::bytes).sum();
  }

  private static void print(CostEstimate estimate, PrintStream out) {
    for (CostEstimate.Line line : estimate.lines()) {
      out.printf(Locale.ROOT, "  %-9s %s%n", line.what(), line.text());
    }
  }
}
