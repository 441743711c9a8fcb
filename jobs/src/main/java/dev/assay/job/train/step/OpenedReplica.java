package dev.assay.job.train.step;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.job.failure.SettingsException;
import dev.assay.model.Parameter;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What one replica told when it was opened.
 *
 * @param precision in which it computes: float32 or bfloat16, never auto
 * @param values the initial ones; null where they were not asked for
 * @param refusal why it could not be opened, and null else
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OpenedReplica(
    String precision, List<Parameter> parameters, float[][] values, Refusal refusal)
    implements Serializable {

  /** Comes back as a value: thrown in the task, it would be tried again and told by Spark. */
  private record Refusal(boolean checkpoint, String message) implements Serializable {}

  /**
   * Opens a replica in one task, so that what is wrong with it is known before the first step.
   *
   * @throws CheckpointException if the checkpoint cannot be trained
   * @throws SettingsException if the settings do not fit it
   */
  public static OpenedReplica ask(
      ReplicaTasks<?, ?> tasks, boolean withValues, JavaSparkContext spark) {
    OpenedReplica opened =
        spark.parallelize(List.of(0), 1).map(one -> open(tasks, withValues)).collect().get(0);
    if (opened.refusal != null) {
      throw opened.refusal.checkpoint()
          ? new CheckpointException(opened.refusal.message())
          : new SettingsException(opened.refusal.message());
    }
    return opened;
  }

  private static OpenedReplica open(ReplicaTasks<?, ?> tasks, boolean withValues)
      throws InterruptedException {
    try {
      String precision = tasks.placement().precision().name().toLowerCase(Locale.ROOT);
      return tasks.with(
          replica ->
              new OpenedReplica(
                  precision,
                  List.copyOf(replica.parameters()),
                  withValues ? replica.initialValues() : null,
                  null));
    } catch (CheckpointException e) {
      return new OpenedReplica(null, null, null, new Refusal(true, e.getMessage()));
    } catch (IllegalArgumentException e) {
      return new OpenedReplica(null, null, null, new Refusal(false, e.getMessage()));
    }
  }
}
