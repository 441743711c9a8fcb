package dev.assay.train;

import dev.assay.model.training.Parameter;
import dev.assay.model.training.Piece;
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
  public final float[][] initialValues(List<Piece> pieces) {
    return checkpoint.model().initialValues(pieces);
  }

  @Override
  public final void set(List<Piece> pieces, float[][] values) {
    checkpoint.model().set(pieces, values);
  }

  @Override
  public final float[][] takeGradients(List<Piece> pieces) {
    return checkpoint.model().takeGradients(pieces);
  }

  @Override
  public final void close() {
    checkpoint.close();
  }
}
