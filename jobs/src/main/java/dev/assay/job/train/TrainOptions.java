package dev.assay.job.train;

import dev.assay.job.JobModel;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.train.data.BatchMix;
import dev.assay.job.train.run.ModelOutput;
import dev.assay.train.ReplicaOptions;
import dev.assay.train.optimizer.Schedule;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.compute.PrecisionChoice;
import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;

/**
 * Options that training an embedder and training a reranker have in common.
 *
 * @param key prefix of these settings in messages: {@code assay.train-embedder}
 * @param model the checkpoint's folder
 * @param tune which of its parameters are trained
 * @param data how batches are made
 * @param pace how many steps there are, and how large
 * @param replica how an executor computes
 */
public record TrainOptions(
    String key, String model, Tune tune, Data data, Pace pace, ReplicaSettings replica) {
  /**
   * How batches are made.
   *
   * @param negatives how many of each list are used, from its beginning
   * @param batchSize examples of a step, over all executors
   * @param mix whether a batch has rows of one dataset or of all
   * @param parts into how many parts a batch is cut; 0: one for each executor
   */
  public record Data(int negatives, int batchSize, BatchMix mix, int parts) {}

  /**
   * How many steps there are, and how large.
   *
   * @param weightDecay of AdamW
   * @param clip the largest norm of the gradients; 0 for no limit
   * @param seed of the adapter's first values, the order of rows, and dropout
   * @param checkpointEvery steps between two checkpoints
   */
  public record Pace(
      Length length,
      LearningRate learningRate,
      double weightDecay,
      double clip,
      long seed,
      long checkpointEvery) {}

  /**
   * How long training runs.
   *
   * @param steps 0: as many as the epochs have
   * @param epochs how often each row is used; without meaning where {@code steps} is above 0
   */
  public record Length(long steps, long epochs) {
    /** The number of steps, if an epoch has so many. */
    long steps(long ofAnEpoch) {
      return steps > 0 ? steps : epochs * ofAnEpoch;
    }
  }

  /**
   * The learning rate over the steps.
   *
   * @param peak after the warm-up
   * @param shape after the peak
   */
  public record LearningRate(double peak, Schedule.Shape shape, WarmUp warmUp) {
    Schedule schedule(long steps) {
      return new Schedule(shape, peak, warmUp.steps(steps), steps);
    }
  }

  /**
   * How an executor computes. Results do not depend on it beyond the last digits.
   *
   * @param maxTokens tokens in one pass
   * @param recompute whether activations are computed again in the backward pass instead of kept
   * @param gradients where those of a whole model are summed
   */
  public record ReplicaSettings(
      DeviceChoice device,
      PrecisionChoice precision,
      long maxImagePixels,
      int maxTokens,
      boolean recompute,
      Tune.Gradients gradients)
      implements Serializable {
    /** In a task on an executor. */
    ReplicaOptions replica(Tune tune, Placement placement) {
      return new ReplicaOptions(
          maxImagePixels,
          maxTokens,
          recompute,
          ReplicaOptions.EACH_ALONE,
          onDisk(tune, placement.device().isGpu())
              ? SparkEnv.get().blockManager().diskBlockManager().localDirs()[0].toPath()
              : null);
    }

    boolean onDisk(Tune tune, boolean gpu) {
      return tune instanceof Tune.Full && gradients.onDisk(gpu);
    }
  }

  public TrainOptions {
    if (model.isBlank()) {
      throw new SettingsException("Cannot train: " + key + ".model is not set");
    }
    double rate = pace.learningRate().peak();
    if (!(rate > 0)) {
      throw new SettingsException(key + ".learning-rate is " + rate + "; it must be above 0");
    }
    requireNotNegative(key + ".weight-decay", pace.weightDecay());
    requireNotNegative(key + ".clip", pace.clip());
  }

  private static void requireNotNegative(String setting, double value) {
    if (!(value >= 0)) {
      throw new SettingsException(setting + " is " + value + "; it must be 0 or more");
    }
  }

  /** How the trained model is written. */
  ModelOutput output(Configuration hadoop) {
    return new ModelOutput(model, tune.tuning(), hadoop);
  }

  /** Refuses a checkpoint that cannot be trained, as far as its headers tell; loads no weights. */
  void check(Configuration hadoop) {
    new JobModel(model).check(hadoop);
    output(hadoop).check();
  }

  /** Every option that changes the result. */
  SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("tune", tune.toString());
    settings.put("data", data.toString());
    settings.put("precision", replica.precision().word());
    settings.put("max-pixels", Long.toString(replica.maxImagePixels()));
    settings.put("steps", Long.toString(pace.length().steps()));
    settings.put("epochs", Long.toString(pace.length().epochs()));
    settings.put("learning-rate", Double.toString(pace.learningRate().peak()));
    settings.put(
        "schedule", pace.learningRate().shape() + " after " + pace.learningRate().warmUp());
    settings.put("weight-decay", Double.toString(pace.weightDecay()));
    settings.put("clip", Double.toString(pace.clip()));
    settings.put("seed", Long.toString(pace.seed()));
    return settings;
  }
}
