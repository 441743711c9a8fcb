package dev.assay.job;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.model.VisionLanguageModel;
import dev.assay.prompt.PromptEncoder;
import dev.assay.udf.ModelIdentity;
import dev.assay.udf.ModelTransformer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/**
 * The model that a job runs on the executors.
 *
 * @param location its checkpoint folder
 */
public record JobModel(String location) {

  /**
   * Checks the whole folder without loading weights: configuration, tensor shapes, tokenizer, chat
   * template and image processor. For {@link Job#check}, so that no job runs for hours before
   * another one finds that its model cannot be used.
   *
   * @throws dev.assay.checkpoint.CheckpointException naming what is missing or wrong
   */
  public void check(Configuration hadoop) {
    CheckpointFolder folder = CheckpointFolder.open(location, hadoop);
    VisionLanguageModel.check(folder);
    PromptEncoder.of(folder).close();
  }

  /**
   * The same for a model that judges or reranks: it needs an output head.
   *
   * @throws dev.assay.checkpoint.CheckpointException naming what is missing or wrong
   */
  public void checkWithHead(Configuration hadoop) {
    check(hadoop);
    VisionLanguageModel.checkHead(CheckpointFolder.open(location, hadoop));
  }

  /**
   * The checkpoint and what is computed with it; for {@link Job#sources}.
   *
   * @param version of the computation, such as {@link dev.assay.judge.PairJudge#VERSION}
   */
  public SortedMap<String, String> sources(JobContext context, int version) {
    return new TreeMap<>(
        Map.of("model", fingerprint(context), "computation", Integer.toString(version)));
  }

  /** Names the checkpoint by its contents. */
  public String fingerprint(JobContext context) {
    Configuration hadoop = context.spark().sessionState().newHadoopConf();
    return Fingerprint.of(CheckpointFolder.open(location, hadoop));
  }

  /**
   * Asks a task which model would do the work, and settles its precision: tasks on other machines
   * are to compute as this one would. No weights are loaded. Images are those of the job's
   * workspace, unless the model was told of others.
   *
   * @throws SettingsException if device or settings cannot be used
   */
  public static ModelIdentity identify(ModelTransformer<?> model, JobContext context) {
    if (model.getOrDefault(model.imageRoot()).isEmpty()) {
      model.setImageRoot(context.workspace().imageRoot());
    }
    ModelIdentity identity = orRefused(() -> model.identify(context.spark()));
    model.setPrecision(identity.precision());
    return identity;
  }

  /**
   * Loads the model in one task, so that what is wrong with it is known before any work.
   *
   * @throws SettingsException if it cannot be used
   * @throws JobFailedException if it is another one than was identified
   */
  public static void load(ModelTransformer<?> model, ModelIdentity identified, JobContext context) {
    List<String> loaded = orRefused(() -> model.check(context.spark()));
    if (!identified.fingerprints().containsAll(loaded)) {
      throw new JobFailedException(
          "Cannot go on: the checkpoint changed while it was read; run it again");
    }
  }

  private static <T> T orRefused(Supplier<T> asking) {
    try {
      return asking.get();
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage(), e);
    }
  }

  /**
   * Into how many tasks rows are cut: two for each core, so that none waits long for the last, and
   * more where a task would get more than {@code rowsATask}.
   */
  public static int tasks(long rows, int rowsATask, JobContext context) {
    int parallelism = context.spark().sparkContext().defaultParallelism();
    long tasks = Math.max(Math.min(rows, 2L * parallelism), rows / rowsATask);
    return (int) Math.max(1, tasks);
  }
}
