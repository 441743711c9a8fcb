package dev.assay.train;

import java.io.Serializable;

/**
 * What some examples of a batch give: sums, not means.
 *
 * @param values per parameter, in the replica's order, row by row: the gradient of {@code loss}
 * @param loss the sum of the examples' losses
 * @param examples how many they are
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
