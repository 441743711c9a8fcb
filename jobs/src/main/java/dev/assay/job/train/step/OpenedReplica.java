package dev.assay.job.train.step;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.job.failure.SettingsException;
import dev.assay.model.training.Parameter;
import dev.assay.train.Replica;
import dev.assay.udf.compute.PrecisionChoice;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What one executor's replica is like.
 *
 * @param precision in which it computes: float32 or bfloat16, never auto
 */
public record OpenedReplica(PrecisionChoice precision, List<Parameter> parameters)
    implements Serializable {

  /**
   * What the task returns. A refusal is a value: if the task threw it, Spark would run the task
   * again and report a failed job.
   *
   * @param opened null if the replica could not be opened
   * @param refusal null if it could
   */
  private record Answer(OpenedReplica opened, Refusal refusal) implements Serializable {}

  private record Refusal(boolean checkpoint, String message) implements Serializable {}

  /**
   * Opens a replica in one task, so that a checkpoint or setting that cannot be used is known
   * before the first step.
   *
   * @throws CheckpointException if the checkpoint cannot be trained
   * @throws SettingsException if the settings do not fit it
   */
  public static OpenedReplica in(ReplicaTasks<?, ?> tasks, JavaSparkContext spark) {
    Answer answer = spark.parallelize(List.of(0), 1).map(one -> open(tasks)).collect().get(0);
    if (answer.refusal != null) {
      throw answer.refusal.checkpoint()
          ? new CheckpointException(answer.refusal.message())
          : new SettingsException(answer.refusal.message());
    }
    return answer.opened();
  }

  /**
   * The values of all parameters before the first step, brought to the driver.
   *
   * @param tasks of replicas that have computed nothing yet
   */
  public static float[][] initialValues(ReplicaTasks<?, ?> tasks, JavaSparkContext spark) {
    return spark
        .parallelize(List.of(0), 1)
        .map(one -> tasks.with(Replica::initialValues))
        .collect()
        .get(0);
  }

  private static Answer open(ReplicaTasks<?, ?> tasks) throws InterruptedException {
    try {
      PrecisionChoice precision = PrecisionChoice.valueOf(tasks.placement().precision().name());
      return tasks.with(
          replica ->
              new Answer(new OpenedReplica(precision, List.copyOf(replica.parameters())), null));
    } catch (CheckpointException e) {
      return new Answer(null, new Refusal(true, e.getMessage()));
    } catch (IllegalArgumentException e) {
      return new Answer(null, new Refusal(false, e.getMessage()));
    }
  }
}
