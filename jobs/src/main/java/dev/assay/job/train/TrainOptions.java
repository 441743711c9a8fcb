package dev.assay.job.train;

import dev.assay.job.JobModel;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.train.data.BatchMix;
import dev.assay.job.train.run.ModelOutput;
import dev.assay.train.ReplicaOptions;
import dev.assay.train.optimizer.Schedule;
import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * What training an embedder and a reranker have in common.
 *
 * @param key where these settings stand, for messages: {@code assay.train-embedder}
 * @param model the checkpoint's folder
 * @param tune what of it is trained
 * @param data how batches are made
 * @param pace how steps are taken
 * @param replica how an executor computes
 */
public record TrainOptions(
    String key, String model, Tune tune, Data data, Pace pace, ReplicaSettings replica) {
  /**
   * How batches are made.
   *
   * @param negatives of each list that are used, from its beginning
   * @param batchSize examples of a step, over all executors
   * @param mix what a batch is put together from
   * @param parts into how many a batch is cut; 0 for as many as can be computed at a time
   */
  public record Data(int negatives, int batchSize, BatchMix mix, int parts) {}

  /**
   * How steps are taken.
   *
   * @param steps how many; 0 for what the epochs give
   * @param clip the most that the gradients' norm may be; 0 for no limit
   * @param seed of the adapter's first values, the order of rows, and dropout
   * @param checkpointEvery steps between two checkpoints
   */
  public record Pace(
      long steps,
      long epochs,
      double learningRate,
      Schedule.Shape schedule,
      WarmUp warmUp,
      double weightDecay,
      double clip,
      long seed,
      long checkpointEvery) {

    /** Of the steps that there are in all. */
    long steps(long anEpoch) {
      return steps > 0 ? steps : epochs * anEpoch;
    }
  }

  /**
   * How an executor computes. Nothing of it changes the result beyond the last digits.
   *
   * @param device auto, cpu or gpu
   * @param precision auto, float32 or bfloat16
   * @param maxTokens in one pass
   * @param recompute activations on the way back, rather than keep them
   */
  public record ReplicaSettings(
      String device, String precision, long maxImagePixels, int maxTokens, boolean recompute)
      implements Serializable {
    ReplicaOptions replica() {
      return new ReplicaOptions(maxImagePixels, maxTokens, recompute, ReplicaOptions.EACH_ALONE);
    }
  }

  public TrainOptions {
    if (model.isBlank()) {
      throw new SettingsException("Cannot train: " + key + ".model is not set");
    }
    if (!(pace.learningRate() > 0) || !(pace.weightDecay() >= 0) || !(pace.clip() >= 0)) {
      throw new SettingsException(
          key + ": learning-rate must be above 0, weight-decay and clip not below");
    }
  }

  /** How what was trained is written. */
  ModelOutput output(Configuration hadoop) {
    return new ModelOutput(model, tune.tuning(), hadoop);
  }

  /** Refuses what can be known to be wrong from the checkpoint's headers; for a job's check. */
  void check(Configuration hadoop) {
    new JobModel(model).check(hadoop);
    output(hadoop).check();
  }

  /** Every option that changes the result. */
  SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("tune", tune.toString());
    settings.put("data", data.toString());
    settings.put("precision", replica.precision());
    settings.put("max-pixels", Long.toString(replica.maxImagePixels()));
    settings.put("steps", Long.toString(pace.steps()));
    settings.put("epochs", Long.toString(pace.epochs()));
    settings.put("learning-rate", Double.toString(pace.learningRate()));
    settings.put("schedule", pace.schedule() + " after " + pace.warmUp());
    settings.put("weight-decay", Double.toString(pace.weightDecay()));
    settings.put("clip", Double.toString(pace.clip()));
    settings.put("seed", Long.toString(pace.seed()));
    return settings;
  }
}
