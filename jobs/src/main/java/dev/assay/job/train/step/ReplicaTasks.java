package dev.assay.job.train.step;

import dev.assay.item.BadItemException;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.train.Replica;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.compute.PrecisionChoice;
import dev.assay.udf.compute.ReplicaFactory;
import dev.assay.udf.compute.SharedReplica;
import dev.assay.udf.rows.ItemReader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * What the tasks of a run take along: how to open a replica, and how to make examples for it.
 *
 * @param replicas of this run
 * @param imageRoot folder of relative image paths
 */
public record ReplicaTasks<R extends TrainingRow, E>(
    Replicas<E> replicas,
    ExampleMaker<R, E> maker,
    String imageRoot,
    SerializableConfiguration hadoop)
    implements Serializable {

  /**
   * How a replica is opened, and where.
   *
   * @param run identifies this run, which shares no replica with another
   */
  public record Replicas<E>(
      String run, ReplicaFactory<E> factory, DeviceChoice device, PrecisionChoice precision)
      implements Serializable {}

  /**
   * Makes examples of rows on the executor, where the images are read.
   *
   * @param <R> a row
   * @param <E> an example
   */
  @FunctionalInterface
  public interface ExampleMaker<R, E> extends Serializable {
    /**
     * @throws BadItemException if an item cannot be used
     * @throws java.io.UncheckedIOException if storage fails; then the task fails, and Spark runs it
     *     again
     */
    E make(R row, ItemReader reader);
  }

  /** The calling task's turn with its replica, to the end of the task. */
  SharedReplica.Turn<E> turn() throws InterruptedException {
    SharedReplica.Turn<E> turn =
        SharedReplica.turn(replicas.factory(), replicas.run(), placement(), hadoop.value());
    TaskCompletionListener end = task -> turn.close();
    TaskContext.get().addTaskCompletionListener(end);
    return turn;
  }

  /** The result of some work with a task's replica. */
  public <T> T with(Function<Replica<E>, T> work) throws InterruptedException {
    return SharedReplica.use(replicas.factory(), replicas.run(), placement(), hadoop.value(), work);
  }

  /** Where a task that runs here computes. */
  public Placement placement() {
    return Placement.here(replicas.device(), replicas.precision());
  }

  /** The same in a precision that is no longer {@code auto}. */
  public ReplicaTasks<R, E> in(PrecisionChoice precision) {
    return new ReplicaTasks<>(
        new Replicas<>(replicas.run(), replicas.factory(), replicas.device(), precision),
        maker,
        imageRoot,
        hadoop);
  }

  /** The examples of some rows. Make them before the turn, while others have theirs. */
  List<E> examples(List<R> rows) {
    ItemReader reader = ItemReader.at(imageRoot, hadoop.value());
    List<E> examples = new ArrayList<>();
    for (R row : rows) {
      try {
        examples.add(maker.make(row, reader));
      } catch (BadItemException e) {
        throw new JobFailedException(
            "Cannot train on " + row.id() + ": " + e.reason() + ": " + e.getMessage(), e);
      }
    }
    return examples;
  }
}
