package dev.assay.job.train.run;

import dev.assay.job.Progress;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.train.data.BatchStream;
import dev.assay.job.train.data.Epochs;
import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.job.train.step.BatchGradients;
import dev.assay.job.train.step.LostExecutors;
import dev.assay.train.Gradients;
import dev.assay.train.optimizer.AdamW;
import dev.assay.train.optimizer.Norm;
import dev.assay.train.optimizer.Schedule;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Takes one step after the other: a batch, its mean gradients, clipped, and one step of AdamW. A
 * run that was stopped and restored gives the same bits as one that was not.
 */
public final class Trainer<R extends TrainingRow> {
  /**
   * How the steps are taken.
   *
   * @param clip the largest norm of the gradients; infinity for no limit
   * @param batchSize rows of a step
   * @param checkpointEvery steps between two checkpoints
   */
  public record Plan(
      Schedule schedule,
      AdamW.Settings optimizer,
      double clip,
      int batchSize,
      long checkpointEvery) {}

  private static final int NAMED = 5;

  private final Plan plan;
  private final BatchGradients<R> gradients;
  private final Epochs<R> epochs;
  private final RunFolder folder;
  private final Progress progress;

  /**
   * @param folder takes checkpoints and metrics
   */
  public Trainer(
      Plan plan,
      BatchGradients<R> gradients,
      Epochs<R> epochs,
      RunFolder folder,
      Progress progress) {
    this.plan = plan;
    this.gradients = gradients;
    this.epochs = epochs;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Takes the remaining steps.
   *
   * @param from where to start; its arrays are changed
   * @return the state after the last step
   * @throws JobFailedException if a loss or a gradient is not finite; nothing of that step is kept
   */
  public TrainingState run(TrainingState from) {
    float[][] values = from.values();
    AdamW optimizer = new AdamW(plan.optimizer(), from.optimizer());
    BatchStream<R> batches = new BatchStream<>(epochs, plan.batchSize(), from.position());
    LostExecutors losses = new LostExecutors(progress);
    TrainingState state = from;
    MetricsLog metrics = folder.metrics(from.steps());
    long steps = plan.schedule().steps();
    try (Progress.Work work = progress.start("steps", from.steps(), steps, metrics::latest)) {
      for (long step = from.steps(); step < steps; step++) {
        long start = System.nanoTime();
        List<R> batch = batches.next();
        long now = step;
        Gradients sum = losses.survive(step + 1, () -> gradients.of(values, batch, now));
        double norm = mean(sum, batch, values, step);
        double rate = plan.schedule().rate(step);
        optimizer.step(values, sum.values(), rate);
        state =
            new TrainingState(
                step + 1, batches.position(), from.parts(), values, optimizer.state());
        double seconds = (System.nanoTime() - start) / 1e9;
        metrics.add(
            new StepMetrics(
                step + 1,
                batches.position().epoch() + 1,
                sum.loss() / sum.examples(),
                rate,
                norm,
                batch.size() / seconds,
                seconds));
        work.counter().add(1);
        if ((step + 1) % plan.checkpointEvery() == 0 || step + 1 == steps) {
          folder.save(state, metrics);
        }
      }
    }
    return state;
  }

  /**
   * Turns the sums into means and clips them.
   *
   * @return the norm before clipping
   */
  private double mean(Gradients sum, List<R> batch, float[][] values, long step) {
    Norm.multiply(sum.values(), 1f / sum.examples());
    double norm = Norm.clip(sum.values(), plan.clip());
    if (Double.isFinite(sum.loss()) && Double.isFinite(norm)) {
      return norm;
    }
    List<R> causes = gradients.notFinite(values, batch, step);
    String what = Double.isFinite(sum.loss()) ? "gradient" : "loss";
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
