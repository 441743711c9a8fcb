package dev.assay.model;

import ai.djl.ndarray.NDList;

/**
 * The keys and values of a beginning that several sequences share.
 *
 * @param keysAndValues per layer a key and a value array, each {@code [key-value heads, length,
 *     head width]}
 * @param length tokens
 */
public record Past(NDList keysAndValues, int length) implements AutoCloseable {
  @Override
  public void close() {
    keysAndValues.close();
  }
}
