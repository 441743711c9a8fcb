package dev.assay.job.inference;

import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.udf.ModelIdentity;
import dev.assay.udf.ModelTransformer;

/**
 * A model that was identified for a job and not yet loaded.
 *
 * @param model set up so that every task computes as the identified one would
 */
public record IdentifiedModel<T extends ModelTransformer<T>>(
    T model, ModelIdentity identity, JobContext context) {

  /**
   * Identifies a model.
   *
   * @throws dev.assay.job.failure.SettingsException if device or checkpoint cannot be used
   */
  public static <T extends ModelTransformer<T>> IdentifiedModel<T> of(T model, JobContext context) {
    return new IdentifiedModel<>(model, JobModel.identify(model, context), context);
  }

  /** The fingerprint of a model that has only one. */
  public String fingerprint() {
    return identity.fingerprints().get(0);
  }

  /**
   * Loads the model in one task, where it stays.
   *
   * @throws dev.assay.job.failure.SettingsException if it cannot be used
   */
  public void load() {
    JobModel.load(model, identity, context);
  }

  /** How many tasks to cut rows into. */
  public int tasks(long rows, int rowsATask) {
    return JobModel.tasks(rows, rowsATask, context);
  }
}
