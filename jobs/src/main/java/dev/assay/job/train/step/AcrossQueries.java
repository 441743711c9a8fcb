package dev.assay.job.train.step;

import dev.assay.job.train.data.TrainingRow;
import dev.assay.model.Parameter;
import dev.assay.train.EmbeddingReplica;
import dev.assay.train.Gradients;
import dev.assay.train.loss.ContrastiveLoss;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Gradients of a loss that looks across all queries of a batch, in two Spark jobs: the first embeds
 * everything; the loss and its gradients at the vectors are computed on the driver; the second
 * takes them back through the model. It is gradient caching (arXiv 2101.06983) over a cluster.
 */
public final class AcrossQueries<R extends TrainingRow, E> extends ExecutorGradients<R, E> {
  private final ContrastiveLoss loss;
  private final Function<R, float[]> scores;

  /**
   * @param scores the judge's, of a row's positive and then its negatives
   */
  public AcrossQueries(
      JavaSparkContext spark,
      ReplicaTasks<R, E> tasks,
      WholeExecutor executor,
      List<Parameter> parameters,
      int parts,
      long seed,
      ContrastiveLoss loss,
      Function<R, float[]> scores) {
    super(spark, tasks, executor, parameters, parts, seed);
    this.loss = loss;
    this.scores = scores;
  }

  @Override
  public Gradients of(float[][] values, List<R> batch, long step) {
    float[][][] vectors = embed(values, batch, step); // [n][1 + 1 + k][d]
    ContrastiveLoss.Value value =
        loss.of(
            Arrays.stream(vectors).map(v -> v[0]).toArray(float[][]::new),
            Arrays.stream(vectors)
                .map(v -> Arrays.copyOfRange(v, 1, v.length))
                .toArray(float[][][]::new),
            batch.stream().map(scores).toArray(float[][]::new));
    Broadcast<ContrastiveLoss.Value> upstream = spark().broadcast(value);
    try {
      Gradients sum =
          sum(
              values,
              batch,
              step,
              (replica, given, examples, part, chance) ->
                  embedding(replica)
                      .gradients(given, examples, chance, of(part, upstream.value())));
      return new Gradients(sum.values(), value.sum(), batch.size());
    } finally {
      upstream.destroy();
    }
  }

  private float[][][] embed(float[][] values, List<R> batch, long step) {
    Broadcast<float[][]> sent = send(values);
    ReplicaTasks<R, E> with = tasks();
    long run = seed();
    try {
      return cut(batch)
          .map(
              part ->
                  with.of(
                      part.rows(),
                      (replica, examples) ->
                          embedding(replica).embed(sent.value(), examples, part.seed(run, step))))
          .collect() // in the order of the parts
          .stream()
          .flatMap(Arrays::stream)
          .toArray(float[][][]::new);
    } finally {
      sent.destroy();
    }
  }

  /** The part's own of a batch's gradients. */
  private static ContrastiveLoss.Value of(BatchPart<?> part, ContrastiveLoss.Value batch) {
    int end = part.first() + part.rows().size();
    return new ContrastiveLoss.Value(
        0, // the batch's is known
        Arrays.copyOfRange(batch.queries(), part.first(), end),
        Arrays.copyOfRange(batch.candidates(), part.first(), end));
  }

  private static <E> EmbeddingReplica<E> embedding(dev.assay.train.Replica<E> replica) {
    return (EmbeddingReplica<E>) replica; // the job that chose this loss chose the replica
  }
}
