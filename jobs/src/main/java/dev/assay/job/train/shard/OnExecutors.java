package dev.assay.job.train.shard;

import dev.assay.job.train.run.Optimization;
import dev.assay.job.train.step.ReplicaTasks;
import dev.assay.job.train.step.SentValues;
import dev.assay.job.train.step.Slice;
import dev.assay.job.train.step.SlicedGradients;
import dev.assay.job.train.step.WholeExecutor;
import dev.assay.train.Gradients;
import dev.assay.train.optimizer.AdamW;
import dev.assay.train.optimizer.Norm;
import java.io.Serializable;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;

/**
 * Parameters in shards on the executors. The driver knows the loss, the norm and where the
 * checkpoint is; it has none of the numbers.
 *
 * <p>A shard is a block of a persisted RDD, in memory and on disk where memory does not suffice. It
 * is not kept twice: if its executor is lost, the run goes back to the last checkpoint. Steps never
 * change a shard but make a new one, so a task that is repeated takes the same step.
 *
 * @see dev.assay.job.train.step.LostParameters
 */
public final class OnExecutors<R> implements Optimization<R> {
  private final JavaSparkContext spark;
  private final WholeExecutor executor;
  private final ShardFiles files;
  private final AdamW.Settings settings;
  private final SlicedGradients<R> gradients;
  private JavaRDD<Shard> shards;
  private JavaRDD<SentValues.Some> values;
  private JavaRDD<Slice> means; // of the step that is not taken yet

  /**
   * @param gradients whose slices are these shards
   */
  public OnExecutors(
      JavaSparkContext spark,
      WholeExecutor executor,
      ShardFiles files,
      AdamW.Settings settings,
      SlicedGradients<R> gradients) {
    this.spark = spark;
    this.executor = executor;
    this.files = files;
    this.settings = settings;
    this.gradients = gradients;
  }

  /**
   * Writes the values before the first step as a checkpoint to begin with.
   *
   * @param tasks of replicas that have computed nothing yet
   */
  public void saveInitial(Path checkpoint, ReplicaTasks<?, ?> tasks) {
    ShardFiles with = files;
    String folder = checkpoint.toString();
    files.index(
        checkpoint,
        executor
            .spread(files.numbers(), spark)
            .map(
                shard ->
                    with.write(
                        folder,
                        shard,
                        Shard.initial(tasks.with(replica -> with.initialValues(shard, replica)))))
            .collect());
  }

  @Override
  public Measured gradients(List<R> batch, long step) {
    forgetMeans();
    return gradients.sum(
        new ShardValues(spark, executor, values),
        batch,
        step,
        (sums, loss) -> {
          means = executor.alone(sums.map(OnExecutors::mean));
          means.persist(StorageLevel.MEMORY_AND_DISK());
          means.rdd().localCheckpoint(); // what they are computed from is gone soon
          List<Part> parts;
          try {
            parts = means.map(Part::of).collect();
          } finally {
            sums.rdd().cleanShuffleDependencies(false); // or they pile up on the executors' disks
          }
          double[] squares =
              parts.stream().flatMapToDouble(part -> DoubleStream.of(part.squares())).toArray();
          Part first = parts.get(0); // each slice has the loss of all parts
          return new Measured(loss.orElse(first.loss()), first.examples(), Norm.of(squares));
        });
  }

  private static Slice mean(Slice sum) {
    Norm.multiply(sum.gradients().values(), 1f / sum.gradients().examples());
    return sum;
  }

  /** What the driver learns of a slice. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(double loss, long examples, double[] squares) implements Serializable {
    static Part of(Slice slice) {
      Gradients mean = slice.gradients();
      return new Part(mean.loss(), mean.examples(), Norm.squares(mean.values()));
    }
  }

  @Override
  public void take(float factor, double rate) {
    AdamW.Settings with = settings;
    keep(
        executor.alone(
            shards.zipPartitions(
                means,
                (shard, mean) -> {
                  float[][] gradient = Shard.copy(mean.next().gradients().values());
                  if (factor != 1) {
                    Norm.multiply(gradient, factor);
                  }
                  return List.of(shard.next().after(gradient, with, rate)).iterator();
                })));
    forgetMeans();
  }

  /** Computes shards and puts them in the place of those before. */
  private void keep(JavaRDD<Shard> next) {
    next.persist(StorageLevel.MEMORY_AND_DISK());
    next.rdd().localCheckpoint(); // steps before this one are not computed again
    ShardFiles with = files;
    JavaRDD<SentValues.Some> nextValues =
        next.mapPartitionsWithIndex(
            (number, shard) ->
                List.of(new SentValues.Some(with.pieces(number), shard.next().values())).iterator(),
            true);
    nextValues.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      next.count();
      nextValues.count(); // where the shards are
    } catch (Exception e) { // SparkException is checked, and Scala does not say so
      forget(next, nextValues);
      throw e;
    }
    forget(shards, values);
    shards = next;
    values = nextValues;
  }

  private static void forget(JavaRDD<?> shards, JavaRDD<?> values) {
    if (shards != null) {
      values.unpersist(false);
      shards.unpersist(false);
    }
  }

  @Override
  public void close() {
    forgetMeans();
    forget(shards, values);
  }

  private void forgetMeans() {
    if (means != null) {
      means.unpersist(false);
      means = null;
    }
  }

  @Override
  public List<R> notFinite(List<R> batch, long step) {
    return gradients.notFinite(new ShardValues(spark, executor, values), batch, step);
  }

  @Override
  public void save(Path checkpoint) {
    ShardFiles with = files;
    String folder = checkpoint.toString();
    files.index(
        checkpoint,
        shards
            .mapPartitionsWithIndex(
                (number, shard) -> List.of(with.write(folder, number, shard.next())).iterator(),
                true)
            .collect());
  }

  @Override
  public void restore(Path checkpoint, long steps) {
    forgetMeans();
    ShardFiles with = files;
    String folder = checkpoint.toString();
    keep(executor.spread(files.numbers(), spark).map(shard -> with.read(folder, shard, steps)));
  }
}
