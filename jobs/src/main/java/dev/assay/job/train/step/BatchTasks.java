package dev.assay.job.train.step;

import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.model.training.Parameter;
import dev.assay.train.Gradients;
import dev.assay.train.Replica;
import dev.assay.train.optimizer.Norm;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Runs a batch on the executors: one task a part.
 *
 * @param executor what a task asks for
 * @param replicas what a task takes along
 * @param cut how a batch and its gradients are cut
 */
public record BatchTasks<R extends TrainingRow, E>(
    JavaSparkContext spark, WholeExecutor executor, ReplicaTasks<R, E> replicas, Cut cut) {

  /**
   * How a batch and its gradients are cut.
   *
   * @param parts the number of parts of a batch
   * @param seed of the run; the dropout seed of each part is derived from it
   * @param bounds where slices of the gradients begin, see {@link Slice#bounds}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Cut(int parts, long seed, int[] bounds) {
    /** For a model's parameters. */
    public static Cut of(List<Parameter> parameters, int parts, long seed) {
      return new Cut(parts, seed, Slice.bounds(parameters, parts));
    }
  }

  /** What is computed for one part of a batch, on an executor. */
  @FunctionalInterface
  interface PartWork<E, T> extends Serializable {
    /**
     * @param values of all parameters; not changed
     * @param dropoutSeed of this part in this step
     */
    T of(
        Replica<E> replica,
        float[][] values,
        List<E> examples,
        BatchPart<?> part,
        long dropoutSeed);
  }

  /** Results of all parts, in the order of the parts. */
  <T> List<T> each(float[][] values, List<R> batch, long step, PartWork<E, T> work) {
    Broadcast<float[][]> sent = send(values);
    ReplicaTasks<R, E> with = replicas;
    long run = cut.seed();
    try {
      return parts(batch)
          .map(
              part ->
                  with.of(
                      part.rows(),
                      (replica, examples) ->
                          work.of(
                              replica, sent.value(), examples, part, part.dropoutSeed(run, step))))
          .collect();
    } finally {
      sent.destroy();
    }
  }

  /**
   * The sum of the gradients of all parts.
   *
   * <p>Each task cuts its part's gradients into slices, which are runs of whole parameters. Slices
   * are shuffled, so that each slice is added up by one task, over all parts in their order, and
   * the driver gets every number once. {@code treeAggregate} would add in the order in which tasks
   * end, which differs from run to run, and would bring several whole gradients to the driver.
   */
  Gradients sum(float[][] values, List<R> batch, long step, PartWork<E, Gradients> work) {
    Broadcast<float[][]> sent = send(values);
    JavaRDD<Slice> slices = slices(sent, batch, step, work);
    try {
      if (cut.parts() > 1) {
        slices =
            slices
                .keyBy(Slice::slice)
                .partitionBy(new HashPartitioner(cut.bounds().length - 1)) // one slice each
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
      Broadcast<float[][]> sent, List<R> batch, long step, PartWork<E, Gradients> work) {
    ReplicaTasks<R, E> with = replicas;
    long run = cut.seed();
    int[] bounds = cut.bounds();
    return parts(batch)
        .flatMap(
            part -> {
              Gradients gradients =
                  with.of(
                      part.rows(),
                      (replica, examples) ->
                          work.of(
                              replica, sent.value(), examples, part, part.dropoutSeed(run, step)));
              return Slice.cut(part.index(), gradients, bounds).iterator();
            });
  }

  /** The rows whose own loss or gradient is not finite. */
  List<R> notFinite(float[][] values, List<R> batch, long step) {
    Broadcast<float[][]> sent = send(values);
    ReplicaTasks<R, E> with = replicas;
    long run = cut.seed();
    try {
      return parts(batch)
          .flatMap(
              part ->
                  part.rows().stream()
                      .filter(row -> !isFinite(with, row, sent, part.dropoutSeed(run, step)))
                      .iterator())
          .collect();
    } finally {
      sent.destroy();
    }
  }

  private static <R extends TrainingRow, E> boolean isFinite(
      ReplicaTasks<R, E> replicas, R row, Broadcast<float[][]> values, long dropoutSeed) {
    try {
      Gradients alone =
          replicas.of(
              List.of(row),
              (replica, examples) -> replica.gradients(values.value(), examples, dropoutSeed));
      return Double.isFinite(alone.loss()) && Double.isFinite(Norm.of(alone.values()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Sends the values with a new outer array in each step, so that a replica that keeps the values
   * it was given last notices the change. The inner arrays stay the same.
   */
  private Broadcast<float[][]> send(float[][] values) {
    return spark.broadcast(values.clone());
  }

  private JavaRDD<BatchPart<R>> parts(List<R> batch) {
    List<BatchPart<R>> parts = BatchPart.of(batch, cut.parts());
    JavaRDD<BatchPart<R>> rdd = spark.parallelize(parts, parts.size());
    return executor.profile().map(rdd::withResources).orElse(rdd);
  }
}
