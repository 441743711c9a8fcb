package dev.assay.job.train.step;

import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.Piece;
import dev.assay.train.Gradients;
import dev.assay.train.Replica;
import dev.assay.train.optimizer.Norm;
import dev.assay.udf.compute.SharedReplica;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

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
   * @param slices of the gradients, see {@link Slice#cut}
   */
  public record Cut(int parts, long seed, List<List<Piece>> slices) implements Serializable {
    /** The most numbers of a slice that is fine: 64 MiB of gradients. */
    public static final int FINE = 1 << 24;

    /** For a model's parameters. */
    public static Cut of(List<Parameter> parameters, int parts, long seed) {
      return new Cut(parts, seed, Slice.cut(parameters, parts));
    }

    /** The same with slices that are small enough to be worked on one after the other. */
    public static Cut fine(List<Parameter> parameters, int parts, long seed) {
      long all = parameters.stream().mapToLong(Parameter::size).sum();
      int most = Math.toIntExact(Math.max(parts, (all + FINE - 1) / FINE));
      return new Cut(parts, seed, Slice.cut(parameters, most));
    }
  }

  /**
   * What is computed for one part of a batch, with a replica that has the values of this step.
   *
   * @param <E> an example
   * @param <T> the result
   */
  @FunctionalInterface
  interface PartWork<E, T> extends Serializable {
    /**
     * @param dropoutSeed of this part in this step
     */
    T of(Replica<E> replica, List<E> examples, BatchPart<?> part, long dropoutSeed);
  }

  /** The work of a task. */
  @FunctionalInterface
  private interface TaskWork<R extends TrainingRow, E, T> extends Serializable {
    /**
     * @param turn with a replica that has the values of this step
     * @param seed dropout seed of this part in this step
     */
    Iterator<T> of(BatchPart<R> part, List<E> examples, SharedReplica.Turn<E> turn, long seed);
  }

  /** One task a part. */
  private <T> JavaRDD<T> tasks(
      SentValues values, List<R> batch, long step, TaskWork<R, E, T> work) {
    ReplicaTasks<R, E> with = replicas;
    long run = cut.seed();
    return values.with(
        BatchPart.of(batch, cut.parts()),
        (part, sent) -> {
          List<E> examples = with.examples(part.rows());
          return work.of(part, examples, turn(with, sent), part.dropoutSeed(run, step));
        });
  }

  /** Results of all parts, in the order of the parts. */
  <T> List<T> each(SentValues values, List<R> batch, long step, PartWork<E, T> work) {
    return this.<T>tasks(
            values,
            batch,
            step,
            (part, examples, turn, seed) -> {
              T result = turn.with(replica -> work.of(replica, examples, part, seed));
              return Collections.singletonList(result).iterator();
            })
        .collect();
  }

  /** A turn with a replica that has these values, which are set one after the other. */
  private static <E> SharedReplica.Turn<E> turn(
      ReplicaTasks<?, E> replicas, Iterator<SentValues.Some> values) throws InterruptedException {
    SharedReplica.Turn<E> turn = replicas.turn();
    while (values.hasNext()) {
      SentValues.Some some = values.next();
      turn.with(
          replica -> {
            replica.set(some.pieces(), some.values());
            return null;
          });
    }
    return turn;
  }

  /**
   * The sum of the gradients of all parts, one {@link Slice} a task.
   *
   * <p>Each task cuts its part's gradients into slices, which are runs of numbers. Slices are
   * shuffled and sorted, so that each slice is added up by one task, over all parts in their order,
   * with two of them in memory. {@code treeAggregate} would add in the order in which tasks end,
   * which differs from run to run, and would bring several whole gradients to the driver.
   */
  JavaRDD<Slice> sum(SentValues values, List<R> batch, long step, PartWork<E, Double> work) {
    return slices(values, batch, step, work)
        .mapToPair(slice -> new Tuple2<>(slice.key(), slice))
        .repartitionAndSortWithinPartitions(new BySlice(cut.slices().size()))
        .values()
        .mapPartitions(same -> List.of(Slice.sum(same)).iterator());
  }

  /** Gives each slice a partition of its own. */
  private static final class BySlice extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int slices;

    BySlice(int slices) {
      this.slices = slices;
    }

    @Override
    public int numPartitions() {
      return slices;
    }

    @Override
    public int getPartition(Object key) {
      return Slice.ofKey((Long) key);
    }
  }

  /** The same, brought to the driver, which gets every number once. */
  Gradients collect(SentValues values, List<R> batch, long step, PartWork<E, Double> work) {
    JavaRDD<Slice> slices =
        cut.parts() > 1
            ? sum(values, batch, step, work)
            : slices(values, batch, step, work); // nothing to add up
    try {
      return Slice.join(slices.collect(), cut.slices());
    } finally {
      slices.rdd().cleanShuffleDependencies(false); // or they pile up on the executors' disks
    }
  }

  /** The slices are taken from the replica as they are written, so none of them waits in memory. */
  private JavaRDD<Slice> slices(
      SentValues values, List<R> batch, long step, PartWork<E, Double> work) {
    List<List<Piece>> cutting = cut.slices();
    return tasks(
        values,
        batch,
        step,
        (part, examples, turn, seed) -> {
          double loss = turn.with(replica -> work.of(replica, examples, part, seed));
          return IntStream.range(0, cutting.size())
              .mapToObj(
                  slice ->
                      new Slice(
                          part.index(),
                          slice,
                          new Gradients(
                              turn.with(replica -> replica.takeGradients(cutting.get(slice))),
                              loss,
                              examples.size())))
              .iterator();
        });
  }

  /** The rows whose own loss or gradient is not finite. */
  List<R> notFinite(SentValues values, List<R> batch, long step) {
    List<List<Piece>> cutting = cut.slices();
    return this.<R>tasks(
            values,
            batch,
            step,
            (part, examples, turn, seed) ->
                IntStream.range(0, examples.size())
                    .filter(
                        e ->
                            !turn.with(
                                replica -> isFinite(replica, examples.get(e), cutting, seed)))
                    .<R>mapToObj(part.rows()::get)
                    .iterator())
        .collect();
  }

  private static <E> boolean isFinite(
      Replica<E> replica, E example, List<List<Piece>> cutting, long seed) {
    boolean finite = Double.isFinite(replica.addGradients(List.of(example), seed));
    for (List<Piece> slice : cutting) { // all are taken, to clear them
      finite &= Double.isFinite(Norm.of(replica.takeGradients(slice)));
    }
    return finite;
  }

  /** Sends values that the driver has. */
  SentValues send(float[][] values) {
    return new BroadcastValues(spark, executor, values);
  }
}
