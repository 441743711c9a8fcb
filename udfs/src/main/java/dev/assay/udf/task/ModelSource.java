package dev.assay.udf.task;

import dev.assay.session.TaskModel;
import java.io.Serializable;

/**
 * Opens a model where a task runs.
 *
 * @param <M> embeds, judges or ranks
 */
@FunctionalInterface
public interface ModelSource<M extends TaskModel> extends Serializable {
  OpenModel<M> open(ModelSettings settings);
}
