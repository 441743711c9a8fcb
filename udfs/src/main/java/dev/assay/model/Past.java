package dev.assay.model;

import ai.djl.ndarray.NDList;

/**
 * The keys and values of a beginning that several sequences share.
 *
 * @param keysAndValues per layer a key and a value array, each {@code [key-value heads, length,
 *     head width]}
 * @param length tokens
 * @param freed runs when it is closed, for whoever counts its memory
 */
public record Past(NDList keysAndValues, int length, Runnable freed) implements AutoCloseable {
  Past(NDList keysAndValues, int length) {
    this(keysAndValues, length, () -> {});
  }

  /** The same arrays with something to run when they are closed. */
  public Past whenFreed(Runnable action) {
    return new Past(keysAndValues, length, action);
  }

  /** Frees the arrays. Close a past once. */
  @Override
  public void close() {
    keysAndValues.close();
    freed.run();
  }
}
