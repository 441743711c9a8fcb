package dev.assay.udf.compute;

import dev.assay.train.Replica;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes the replicas of a training run on the executors. It is serialised with the tasks, so it
 * holds names and settings only. Equal factories make interchangeable replicas, so implement it as
 * a record of plain values.
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
