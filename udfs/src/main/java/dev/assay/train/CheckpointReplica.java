package dev.assay.train;

import dev.assay.model.training.Parameter;
import java.util.List;

/**
 * A replica over a checkpoint: its parameters are the checkpoint's.
 *
 * @param <E> an example
 */
abstract class CheckpointReplica<E> implements Replica<E> {
  final TrainedCheckpoint checkpoint;

  CheckpointReplica(TrainedCheckpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  @Override
  public final List<Parameter> parameters() {
    return checkpoint.parameters();
  }

  @Override
  public final float[][] initialValues(int first, int end) {
    return checkpoint.model().values(first, end);
  }

  @Override
  public final void set(int first, float[][] values) {
    checkpoint.model().set(first, values);
  }

  @Override
  public final float[][] takeGradients(int first, int end) {
    return checkpoint.model().takeGradients(first, end);
  }

  @Override
  public final void close() {
    checkpoint.close();
  }
}
