package dev.assay.job.train.step;

import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.train.Gradients;
import java.util.List;

/**
 * Gradients of a batch whose examples' losses do not depend on each other, in one Spark job.
 *
 * @param tasks which compute them
 */
public record IndependentGradients<R extends TrainingRow, E>(BatchTasks<R, E> tasks)
    implements BatchGradients<R> {
  @Override
  public Gradients of(float[][] values, List<R> batch, long step) {
    return tasks.sum(
        values,
        batch,
        step,
        (replica, sent, examples, part, dropoutSeed) ->
            replica.gradients(sent, examples, dropoutSeed));
  }

  @Override
  public List<R> notFinite(float[][] values, List<R> batch, long step) {
    return tasks.notFinite(values, batch, step);
  }
}
