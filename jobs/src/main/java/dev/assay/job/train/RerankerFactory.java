package dev.assay.job.train;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.train.AnswerReplica;
import dev.assay.train.Replica;
import dev.assay.train.RerankExample;
import dev.assay.train.RerankRows;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.compute.ReplicaFactory;
import org.apache.hadoop.conf.Configuration;

/** Opens a reranker for training. */
record RerankerFactory(
    String location, Tune tune, long seed, TrainOptions.ReplicaSettings settings, RerankRows rows)
    implements ReplicaFactory<RerankExample> {
  @Override
  public Replica<RerankExample> open(Placement placement, Configuration hadoop) {
    return AnswerReplica.load(
        CheckpointFolder.open(location, hadoop),
        placement.device(),
        placement.precision(),
        tune.tuning(),
        seed,
        settings.replica(tune, placement),
        rows);
  }
}
