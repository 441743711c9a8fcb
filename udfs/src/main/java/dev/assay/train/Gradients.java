package dev.assay.train;

import java.io.Serializable;

/**
 * The gradients of some examples of a batch: sums over the examples, not means.
 *
 * @param values the gradient of {@code loss} at each parameter, in the replica's order, row by row
 * @param loss the sum of the examples' losses
 * @param examples the number of examples
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Gradients(float[][] values, double loss, long examples) implements Serializable {

  /** Adds another part of the batch to this one, in place. */
  public Gradients add(Gradients other) {
    for (int p = 0; p < values.length; p++) {
      float[] sum = values[p];
      float[] more = other.values[p];
      for (int i = 0; i < sum.length; i++) {
        sum[i] += more[i];
      }
    }
    return new Gradients(values, loss + other.loss, examples + other.examples);
  }
}
