package dev.assay.job.train.run;

import dev.assay.job.Progress;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.train.data.BatchStream;
import dev.assay.job.train.data.Epochs;
import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.job.train.run.Optimization.Measured;
import dev.assay.job.train.step.LostExecutors;
import dev.assay.job.train.step.LostParameters;
import dev.assay.train.optimizer.Norm;
import dev.assay.train.optimizer.Schedule;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Takes one step after the other: a batch, its mean gradients, clipped, and one step of AdamW. A
 * run that was stopped and restored gives the same bits as one that was not.
 *
 * <p>If executors are lost that had parameters or their optimizer, the run goes back to its last
 * checkpoint, as a run does that was killed.
 */
public final class Trainer<R extends TrainingRow> {
  /**
   * How the steps are taken.
   *
   * @param clip the largest norm of the gradients; infinity for no limit
   * @param batchSize rows of a step
   * @param checkpointEvery steps between two checkpoints
   */
  public record Plan(Schedule schedule, double clip, int batchSize, long checkpointEvery) {}

  private static final int NAMED = 5;

  private final Plan plan;
  private final Optimization<R> optimization;
  private final Epochs<R> epochs;
  private final RunFolder folder;
  private final Progress progress;

  /**
   * @param folder takes checkpoints and metrics
   */
  public Trainer(
      Plan plan,
      Optimization<R> optimization,
      Epochs<R> epochs,
      RunFolder folder,
      Progress progress) {
    this.plan = plan;
    this.optimization = optimization;
    this.epochs = epochs;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Takes the remaining steps.
   *
   * @param from where the optimization is
   * @return where it is after the last step
   * @throws JobFailedException if a loss or a gradient is not finite; nothing of that step is kept
   */
  public TrainingPoint run(TrainingPoint from) {
    TrainingPoint start = from;
    for (int lost = 0; ; lost++) {
      try {
        return steps(start);
      } catch (LostParameters e) {
        RunFolder.Checkpoint last = folder.last().orElseThrow(() -> e);
        lost = last.point().steps() > start.steps() ? 0 : lost;
        if (lost == LostExecutors.MOST) {
          throw e;
        }
        progress.say(e.getMessage() + "; goes on after step " + last.point().steps());
        start = last.point();
        restore(last);
      }
    }
  }

  private void restore(RunFolder.Checkpoint last) {
    long steps = last.point().steps();
    new LostExecutors(progress)
        .survive(
            steps + 1,
            () -> {
              optimization.restore(last.folder(), steps);
              return null;
            });
  }

  private TrainingPoint steps(TrainingPoint from) {
    BatchStream<R> batches = new BatchStream<>(epochs, plan.batchSize(), from.position());
    LostExecutors losses = new LostExecutors(progress);
    TrainingPoint point = from;
    MetricsLog metrics = folder.metrics(from.steps());
    long steps = plan.schedule().steps();
    try (Progress.Work work = progress.start("steps", from.steps(), steps, metrics::latest)) {
      for (long step = from.steps(); step < steps; step++) {
        long start = System.nanoTime();
        List<R> batch = batches.next();
        long now = step;
        double rate = plan.schedule().rate(step);
        Measured measured = losses.survive(step + 1, () -> optimization.gradients(batch, now));
        requireFinite(measured, batch, step);
        losses.survive(
            step + 1,
            () -> {
              optimization.take(Norm.factor(measured.norm(), plan.clip()), rate);
              return null;
            });
        point = new TrainingPoint(step + 1, batches.position(), from.parts());
        double seconds = (System.nanoTime() - start) / 1e9;
        metrics.add(
            new StepMetrics(
                step + 1,
                batches.position().epoch() + 1,
                measured.loss() / measured.examples(),
                rate,
                measured.norm(),
                batch.size() / seconds,
                seconds));
        work.counter().add(1);
        if ((step + 1) % plan.checkpointEvery() == 0 || step + 1 == steps) {
          TrainingPoint reached = point;
          losses.survive(
              step + 1,
              () -> {
                folder.save(reached, optimization::save, metrics);
                return null;
              });
        }
      }
    }
    return point;
  }

  private void requireFinite(Measured measured, List<R> batch, long step) {
    if (measured.isFinite()) {
      return;
    }
    List<R> causes = optimization.notFinite(batch, step);
    String what = Double.isFinite(measured.loss()) ? "gradient" : "loss";
    throw new JobFailedException(
        String.format(
            Locale.ROOT,
            "Cannot do step %,d: its %s is not finite, %s; the values are those of step %,d",
            step + 1,
            what,
            causes.isEmpty()
                ? "though it is for each example alone: " + names(batch)
                : "because of " + names(causes),
            step));
  }

  private String names(List<R> rows) {
    String first =
        rows.stream().limit(NAMED).map(TrainingRow::id).collect(Collectors.joining(", "));
    return rows.size() <= NAMED ? first : first + " and " + (rows.size() - NAMED) + " more";
  }
}
