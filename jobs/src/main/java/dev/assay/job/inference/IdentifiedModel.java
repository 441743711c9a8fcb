package dev.assay.job.inference;

import dev.assay.job.JobContext;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.udf.ModelIdentity;
import dev.assay.udf.ModelTransformer;
import java.util.List;
import java.util.function.Supplier;

/**
 * A model that was identified for a job and not yet loaded.
 *
 * @param model set up so that every task computes as the identified one would
 */
public record IdentifiedModel<T extends ModelTransformer<T>>(
    T model, ModelIdentity identity, JobContext context) {

  /**
   * Asks a task which model would do the work, and settles its precision: tasks on other machines
   * are to compute as this one would. No weights are loaded. Images are those of the job's
   * workspace, unless the model was told of others.
   *
   * @throws SettingsException if device, settings or checkpoint cannot be used
   */
  public static <T extends ModelTransformer<T>> IdentifiedModel<T> of(T model, JobContext context) {
    if (model.getOrDefault(model.imageRoot()).isEmpty()) {
      model.setImageRoot(context.workspace().imageRoot());
    }
    ModelIdentity identity = orRefused(() -> model.identify(context.spark()));
    model.setPrecision(identity.precision());
    return new IdentifiedModel<>(model, identity, context);
  }

  /** The fingerprint of a model that has only one. */
  public String fingerprint() {
    return identity.fingerprints().get(0);
  }

  /**
   * Loads the model on all executors, so that what is wrong with it is known before any work, and
   * none of them loads it while others compute. It stays loaded there.
   *
   * @throws SettingsException if it cannot be used
   * @throws JobFailedException if it is another one than was identified
   */
  public void load() {
    List<String> loaded = orRefused(() -> model.check(context.spark()));
    if (!identity.fingerprints().containsAll(loaded)) {
      throw new JobFailedException(
          "Cannot go on: the checkpoint changed while it was read; run it again");
    }
  }

  /**
   * Into how many tasks rows are cut: two for each core, so that none waits long for the last, and
   * more where a task would get more than {@code rowsATask}.
   */
  public int tasks(long rows, int rowsATask) {
    int parallelism = context.spark().sparkContext().defaultParallelism();
    long tasks = Math.max(Math.min(rows, 2L * parallelism), rows / rowsATask);
    return (int) Math.max(1, tasks);
  }

  private static <T> T orRefused(Supplier<T> question) {
    try {
      return question.get();
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage(), e);
    }
  }
}
