package dev.assay.udf.task;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.session.LoadedCheckpoint;
import dev.assay.session.TaskModel;
import dev.assay.udf.compute.ModelCache;
import dev.assay.udf.compute.Placement;
import java.util.function.Function;

/**
 * A model that one task has opened, and what keeps its checkpoint loaded until the task closes it.
 *
 * @param <M> embeds, judges or ranks
 */
public final class OpenModel<M extends TaskModel> implements AutoCloseable {
  private final M model;
  private final Runnable release;

  private OpenModel(M model, Runnable release) {
    this.model = model;
    this.release = release;
  }

  /** A model that has no checkpoint. */
  public static <M extends TaskModel> OpenModel<M> of(M model) {
    return new OpenModel<>(model, () -> {});
  }

  /**
   * Opens a model over a checkpoint. The first task of the executor loads the checkpoint, and all
   * others share it.
   *
   * @param open opens the model on the loaded checkpoint
   * @throws dev.assay.checkpoint.CheckpointException if the checkpoint cannot be used
   * @throws IllegalArgumentException if there is no such device
   */
  public static <M extends TaskModel> OpenModel<M> over(
      ModelSettings settings, Function<LoadedCheckpoint, M> open) {
    Placement placement = settings.placement();
    ModelCache.Lease<LoadedCheckpoint> lease =
        ModelCache.EXECUTOR.lease(
            new ModelCache.Key(settings.modelUrl(), placement, "inference"),
            () ->
                LoadedCheckpoint.load(
                    CheckpointFolder.open(settings.modelUrl(), settings.configuration()),
                    placement.device(),
                    placement.precision()));
    try {
      return new OpenModel<>(open.apply(lease.model()), lease::close);
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  public M model() {
    return model;
  }

  @Override
  public void close() {
    try {
      model.close();
    } finally {
      release.run();
    }
  }
}
