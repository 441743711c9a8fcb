package dev.assay.job.train.step;

import dev.assay.item.BadItemException;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.train.data.TrainingRow;
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
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What the tasks of a run take along: how to open a replica, and how to make examples for it.
 *
 * @param run names this run: its replicas are its own
 * @param device auto, cpu or gpu
 * @param precision auto, float32 or bfloat16
 * @param imageRoot folder of relative image paths
 */
public record ReplicaTasks<R extends TrainingRow, E>(
    String run,
    ReplicaFactory<E> factory,
    ExampleMaker<R, E> maker,
    String device,
    String precision,
    String imageRoot,
    SerializableConfiguration hadoop)
    implements Serializable {

  /** What a task's replica makes of some rows. */
  <T> T of(List<R> rows, BiFunction<Replica<E>, List<E>, T> work) throws InterruptedException {
    List<E> examples = examples(rows); // while others have their turn
    return with(replica -> work.apply(replica, examples));
  }

  /** What a task's replica gives without rows. */
  <T> T with(Function<Replica<E>, T> work) throws InterruptedException {
    return SharedReplica.use(factory, run, placement(), hadoop.value(), work);
  }

  Placement placement() {
    return Placement.here(DeviceChoice.parse(device), PrecisionChoice.parse(precision));
  }

  /** The same, in a precision that is settled. */
  public ReplicaTasks<R, E> in(String settled) {
    return new ReplicaTasks<>(run, factory, maker, device, settled, imageRoot, hadoop);
  }

  private List<E> examples(List<R> rows) {
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
