package dev.assay.job.train.step;

import dev.assay.job.train.data.TrainingRow;
import dev.assay.model.Parameter;
import dev.assay.train.Gradients;
import dev.assay.train.optimizer.Norm;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Gradients of a batch whose examples' losses do not depend on each other, in one Spark job.
 *
 * <p>Each task computes a part and cuts its gradients into slices, runs of whole parameters. Slices
 * are shuffled, so that each is added up by a task of its own, over all parts in their order, and
 * the driver gets every number once. {@code treeAggregate} would add in the order in which tasks
 * end, which is not the same twice, and would bring several whole gradients to the driver.
 */
public class ExecutorGradients<R extends TrainingRow, E> implements BatchGradients<R> {
  private final JavaSparkContext spark;
  private final ReplicaTasks<R, E> tasks;
  private final WholeExecutor executor;
  private final int parts;
  private final long seed;
  private final int[] bounds;

  /**
   * @param parts into how many a batch is cut
   * @param seed of the run
   */
  public ExecutorGradients(
      JavaSparkContext spark,
      ReplicaTasks<R, E> tasks,
      WholeExecutor executor,
      List<Parameter> parameters,
      int parts,
      long seed) {
    this.spark = spark;
    this.tasks = tasks;
    this.executor = executor;
    this.parts = parts;
    this.seed = seed;
    this.bounds = Slice.bounds(parameters, parts);
  }

  @Override
  public Gradients of(float[][] values, List<R> batch, long step) {
    return sum(
        values,
        batch,
        step,
        (replica, given, examples, part, chance) -> replica.gradients(given, examples, chance));
  }

  /** The sum of what a pass gives for each part. */
  final Gradients sum(float[][] values, List<R> batch, long step, PartPass<E> pass) {
    Broadcast<float[][]> sent = send(values);
    JavaRDD<Slice> slices = slices(sent, cut(batch), step, pass);
    try {
      if (parts > 1) {
        slices =
            slices
                .keyBy(Slice::slice)
                .partitionBy(new HashPartitioner(bounds.length - 1)) // a slice each
                .values()
                .mapPartitions(same -> List.of(Slice.sum(same)).iterator());
      }
      return Slice.join(slices.collect());
    } finally {
      slices.rdd().cleanShuffleDependencies(false); // or they pile up on the executors' disks
      sent.destroy();
    }
  }

  private JavaRDD<Slice> slices(
      Broadcast<float[][]> sent, JavaRDD<BatchPart<R>> cut, long step, PartPass<E> pass) {
    ReplicaTasks<R, E> with = tasks;
    long run = seed;
    int[] at = bounds;
    return cut.flatMap(
        part -> {
          Gradients gradients =
              with.of(
                  part.rows(),
                  (replica, examples) ->
                      pass.of(replica, sent.value(), examples, part, part.seed(run, step)));
          return Slice.cut(part.index(), gradients, at).iterator();
        });
  }

  @Override
  public List<R> notFinite(float[][] values, List<R> batch, long step) {
    Broadcast<float[][]> sent = send(values);
    ReplicaTasks<R, E> with = tasks;
    long run = seed;
    try {
      return cut(batch)
          .flatMap(
              part ->
                  part.rows().stream()
                      .filter(row -> !isFinite(with, row, sent, part.seed(run, step)))
                      .iterator())
          .collect();
    } finally {
      sent.destroy();
    }
  }

  private static <R extends TrainingRow, E> boolean isFinite(
      ReplicaTasks<R, E> tasks, R row, Broadcast<float[][]> values, long seed) {
    try {
      Gradients alone =
          tasks.of(
              List.of(row),
              (replica, examples) -> replica.gradients(values.value(), examples, seed));
      return Double.isFinite(alone.loss()) && Double.isFinite(Norm.of(alone.values()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * The outer array is another in each step, the inner ones are not: a replica that keeps what it
   * was given last can tell by it.
   */
  final Broadcast<float[][]> send(float[][] values) {
    return spark.broadcast(values.clone());
  }

  /** The parts of a batch, each to be computed by a task that has an executor to itself. */
  final JavaRDD<BatchPart<R>> cut(List<R> batch) {
    List<BatchPart<R>> cut = BatchPart.of(batch, parts);
    JavaRDD<BatchPart<R>> rdd = spark.parallelize(cut, cut.size());
    return executor.profile().map(rdd::withResources).orElse(rdd);
  }

  final ReplicaTasks<R, E> tasks() {
    return tasks;
  }

  final long seed() {
    return seed;
  }

  final JavaSparkContext spark() {
    return spark;
  }
}
