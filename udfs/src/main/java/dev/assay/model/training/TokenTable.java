package dev.assay.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.checkpoint.weights.OutputHead;
import dev.assay.kernels.Kernels;
import dev.assay.model.tokens.SequencePack;
import java.util.Arrays;

/**
 * The table of token embeddings, whose gradient has few rows that are not 0.
 *
 * @param table {@code [vocabulary, hidden]}
 * @param parameter its number among the trained ones; unused if it is not trained
 * @param like an array in the precision of the computation
 */
record TokenTable(
    NDArray table,
    int parameter,
    NDArray like,
    Kernels kernels,
    Autograd autograd,
    HeldGradients gradients) {

  boolean isTrained() {
    return table.hasGradient();
  }

  /**
   * Embeddings of a pack's tokens, with image features in place.
   *
   * @param learns whether {@link #backward} follows
   */
  EmbeddedTokens embedded(NDManager scope, SequencePack pack, NDArray features, boolean learns) {
    long[] ids = pack.ids();
    NDArray rows = null;
    long[] used = ids;
    if (learns && gradients.takesRows() && isTrained()) {
      used = Arrays.stream(ids).sorted().distinct().toArray();
      rows = rows(scope, used);
      long[] all = used;
      ids = Arrays.stream(ids).map(id -> Arrays.binarySearch(all, id)).toArray();
    }
    // The arrays stay open, because the graph needs their memory.
    NDArray vectors =
        kernels.apply(
            scope,
            "embed_rows",
            rows == null ? table : rows,
            scope.create(ids),
            scope.create(pack.imageAt()),
            features,
            scope.create(pack.imageRows()),
            like);
    return new EmbeddedTokens(vectors, rows, used);
  }

  /** Rows of the table in float32, where the gradients of tokens are summed as in the table. */
  private NDArray rows(NDManager scope, long[] ids) {
    try (Autograd.Mode off = autograd.off();
        NDArray index = scope.create(ids)) {
      NDArray rows = kernels.apply(scope, "float32_rows", table, index);
      rows.setRequiresGradient(true);
      return rows;
    }
  }

  /** Adds the gradients of the table, and below it. */
  void backward(EmbeddedTokens embedded, NDArray upstream) {
    Runnable pass = () -> autograd.backward(embedded.vectors(), upstream);
    if (embedded.rows() == null) {
      gradients.backward(OutputHead.EMBEDDINGS::equals, pass);
      return;
    }
    pass.run();
    try (NDManager scope = table.getManager().newSubManager()) {
      gradients.addRows(parameter, embedded.ids(), autograd.gradient(scope, embedded.rows()));
    }
  }
}
