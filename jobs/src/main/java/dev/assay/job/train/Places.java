package dev.assay.job.train;

import dev.assay.job.train.data.MinedRow;
import dev.assay.job.train.run.OnDriver;
import dev.assay.job.train.run.Optimization;
import dev.assay.job.train.run.RunFolder;
import dev.assay.job.train.run.TrainingPoint;
import dev.assay.job.train.run.TrainingState;
import dev.assay.job.train.shard.OnExecutors;
import dev.assay.job.train.shard.ShardFiles;
import dev.assay.job.train.step.BatchTasks;
import dev.assay.job.train.step.OpenedReplica;
import dev.assay.job.train.step.ReplicaTasks;
import dev.assay.job.train.step.WholeExecutor;
import dev.assay.model.training.Parameter;
import dev.assay.train.optimizer.AdamW;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The two places where parameters can be trained: an adapter's on the driver, a whole model's on
 * the executors. They come there as the last checkpoint has them, or as they are before the first
 * step.
 *
 * @param tasks of replicas that have computed nothing yet
 */
record Places<E>(
    TrainedModel<E> model,
    JavaSparkContext spark,
    WholeExecutor executor,
    ReplicaTasks<MinedRow, E> tasks,
    List<Parameter> parameters,
    AdamW.Settings settings,
    RunFolder folder,
    Configuration hadoop) {

  Optimization<MinedRow> onDriver(TrainingPoint start, long seed) {
    TrainingState state =
        folder
            .restore()
            .orElseGet(
                () ->
                    new TrainingState(
                        start.steps(),
                        start.position(),
                        start.parts(),
                        OpenedReplica.initialValues(tasks, spark),
                        new AdamW(settings, parameters).state()));
    BatchTasks.Cut cut = BatchTasks.Cut.of(parameters, start.parts(), seed);
    return new OnDriver<>(
        parameters,
        settings,
        model.gradients().apply(new BatchTasks<>(spark, executor, tasks, cut)),
        hadoop,
        state.values(),
        state.optimizer());
  }

  Optimization<MinedRow> onExecutors(TrainingPoint start, long seed) {
    BatchTasks.Cut cut = BatchTasks.Cut.fine(parameters, start.parts(), seed);
    OnExecutors<MinedRow> shards =
        new OnExecutors<>(
            spark,
            executor,
            new ShardFiles(parameters, cut.slices(), new SerializableConfiguration(hadoop)),
            settings,
            model.gradients().apply(new BatchTasks<>(spark, executor, tasks, cut)));
    if (folder.last().isEmpty()) {
      folder.save(start, to -> shards.saveInitial(to, tasks), folder.metrics(0));
    }
    shards.restore(folder.last().orElseThrow().folder(), start.steps());
    return shards;
  }
}
