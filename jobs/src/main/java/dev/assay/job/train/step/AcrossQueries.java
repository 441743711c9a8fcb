package dev.assay.job.train.step;

import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.train.EmbeddingReplica;
import dev.assay.train.Gradients;
import dev.assay.train.Replica;
import dev.assay.train.loss.ContrastiveLoss;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * Gradients of a loss over all queries of a batch, in two Spark jobs. The first embeds all items.
 * The driver computes the loss and its gradients with respect to the vectors. The second job
 * propagates these back through the model. This is gradient caching (arXiv 2101.06983) over a
 * cluster.
 *
 * @param tasks which compute them; their replicas are {@link EmbeddingReplica}s
 * @param scores the judge's scores of a row's positive and then of its negatives
 */
public record AcrossQueries<R extends TrainingRow, E>(
    BatchTasks<R, E> tasks, ContrastiveLoss loss, Function<R, float[]> scores)
    implements StepGradients<R> {
  @Override
  public Gradients of(float[][] values, List<R> batch, long step) {
    try (SentValues sent = tasks.send(values);
        Upstream upstream = upstream(sent, batch, step)) {
      Gradients sum = tasks.collect(sent, batch, step, upstream.work());
      return new Gradients(sum.values(), upstream.loss(), batch.size());
    }
  }

  @Override
  public <T> T sum(SentValues values, List<R> batch, long step, Use<T> use) {
    try (Upstream upstream = upstream(values, batch, step)) {
      return use.of(
          tasks.sum(values, batch, step, upstream.work()), OptionalDouble.of(upstream.loss()));
    }
  }

  /**
   * The gradients at the vectors of a batch, on their way to the tasks.
   *
   * @param loss of the batch
   */
  private record Upstream(Broadcast<ContrastiveLoss.Value> sent, double loss)
      implements AutoCloseable {
    <E> BatchTasks.PartWork<E, Double> work() {
      Broadcast<ContrastiveLoss.Value> upstream = sent;
      return (replica, examples, part, dropoutSeed) -> {
        embedding(replica)
            .addGradients(examples, dropoutSeed, AcrossQueries.of(part, upstream.value()));
        return 0.0; // the driver knows the batch's loss
      };
    }

    @Override
    public void close() {
      sent.destroy();
    }
  }

  private Upstream upstream(SentValues values, List<R> batch, long step) {
    float[][][] vectors = embed(values, batch, step); // [n][1 + 1 + k][d]
    ContrastiveLoss.Value value =
        loss.of(
            Arrays.stream(vectors).map(v -> v[0]).toArray(float[][]::new),
            Arrays.stream(vectors)
                .map(v -> Arrays.copyOfRange(v, 1, v.length))
                .toArray(float[][][]::new),
            batch.stream().map(scores).toArray(float[][]::new));
    return new Upstream(tasks.spark().broadcast(value), value.sum());
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

  private float[][][] embed(SentValues values, List<R> batch, long step) {
    return tasks
        .each(
            values,
            batch,
            step,
            (replica, examples, part, dropoutSeed) ->
                embedding(replica).embed(examples, dropoutSeed))
        .stream()
        .flatMap(Arrays::stream)
        .toArray(float[][][]::new);
  }

  /** The gradients at the vectors of one part. */
  private static ContrastiveLoss.Value of(BatchPart<?> part, ContrastiveLoss.Value batch) {
    int end = part.first() + part.rows().size();
    return new ContrastiveLoss.Value(
        0, // the driver knows the batch's loss
        Arrays.copyOfRange(batch.queries(), part.first(), end),
        Arrays.copyOfRange(batch.candidates(), part.first(), end));
  }

  private static <E> EmbeddingReplica<E> embedding(Replica<E> replica) {
    return (EmbeddingReplica<E>) replica; // the job that chose this loss chose the replica
  }
}
