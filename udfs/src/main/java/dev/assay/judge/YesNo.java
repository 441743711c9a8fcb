package dev.assay.judge;

import ai.djl.ndarray.NDArray;
import dev.assay.session.LoadedCheckpoint;

/**
 * What separates Yes from No in the output head.
 *
 * @param direction {@code [hidden]}: the row of "Yes" minus the row of "No", in float32
 */
record YesNo(NDArray direction) implements LoadedCheckpoint.Head {
  /**
   * @throws dev.assay.checkpoint.CheckpointException if the checkpoint has no output head, or its
   *     tokenizer has no single token for one of the answers
   */
  static YesNo of(LoadedCheckpoint checkpoint) {
    long yes = checkpoint.answerToken("Yes");
    long no = checkpoint.answerToken("No");
    try (NDArray rows = checkpoint.model().outputRows(yes, no);
        NDArray first = rows.get(0);
        NDArray second = rows.get(1)) {
      return new YesNo(first.sub(second));
    }
  }

  @Override
  public void close() {
    direction.close();
  }
}
