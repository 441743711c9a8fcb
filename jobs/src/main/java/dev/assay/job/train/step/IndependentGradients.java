package dev.assay.job.train.step;

import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.train.Gradients;
import dev.assay.train.Replica;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Gradients of a batch whose examples' losses do not depend on each other, in one Spark job.
 *
 * @param tasks which compute them
 */
public record IndependentGradients<R extends TrainingRow, E>(BatchTasks<R, E> tasks)
    implements StepGradients<R> {
  @Override
  public Gradients of(float[][] values, List<R> batch, long step) {
    try (SentValues sent = tasks.send(values)) {
      return tasks.collect(sent, batch, step, IndependentGradients::work);
    }
  }

  @Override
  public <T> T sum(SentValues values, List<R> batch, long step, Use<T> use) {
    return use.of(
        tasks.sum(values, batch, step, IndependentGradients::work), OptionalDouble.empty());
  }

  private static <E> double work(
      Replica<E> replica, List<E> examples, BatchPart<?> part, long dropoutSeed) {
    return replica.addGradients(examples, dropoutSeed);
  }

  @Override
  public List<R> notFinite(float[][] values, List<R> batch, long step) {
    try (SentValues sent = tasks.send(values)) {
      return tasks.notFinite(sent, batch, step);
    }
  }

  @Override
  public List<R> notFinite(SentValues values, List<R> batch, long step) {
    return tasks.notFinite(values, batch, step);
  }
}
