package dev.assay.udf.compute;

import dev.assay.train.Replica;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes the replicas of a training run where its tasks run. It travels to the executors: names and
 * settings, nothing of a model. Factories that are equal make replicas that can stand in for each
 * other, so a record of plain values does.
 *
 * @param <E> an example
 */
public interface ReplicaFactory<E> extends Serializable {
  /** The checkpoint folder, as the user named it. */
  String location();

  /**
   * Loads a replica. It is used by the calling thread alone.
   *
   * @param hadoop settings of the session's file systems
   * @throws dev.assay.checkpoint.CheckpointException if the checkpoint cannot be trained
   * @throws IllegalArgumentException if the settings do not fit it
   */
  Replica<E> open(Placement placement, Configuration hadoop);
}
