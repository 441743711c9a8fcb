package dev.assay.job.train;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.train.ContrastiveExample;
import dev.assay.train.EmbedderReplica;
import dev.assay.train.Replica;
import dev.assay.train.loss.ContrastiveLoss;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.compute.ReplicaFactory;
import org.apache.hadoop.conf.Configuration;

/** Opens an embedder for training. */
record EmbedderFactory(
    String location,
    Tune tune,
    long seed,
    TrainOptions.ReplicaSettings settings,
    ContrastiveLoss loss)
    implements ReplicaFactory<ContrastiveExample> {
  @Override
  public Replica<ContrastiveExample> open(Placement placement, Configuration hadoop) {
    return EmbedderReplica.load(
        CheckpointFolder.open(location, hadoop),
        placement.device(),
        placement.precision(),
        tune.tuning(),
        seed,
        settings.replica(tune, placement),
        loss);
  }
}
