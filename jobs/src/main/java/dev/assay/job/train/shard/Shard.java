package dev.assay.job.train.shard;

import dev.assay.train.optimizer.AdamW;
import java.io.Serializable;

/**
 * Some consecutive numbers with the state of their optimizer. It is never changed, because a task
 * that takes a step may run twice.
 *
 * @param steps taken so far
 * @param values of each piece
 * @param means see {@link AdamW.State}
 * @param squares see {@link AdamW.State}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Shard(long steps, float[][] values, float[][] means, float[][] squares)
    implements Serializable {

  static Shard of(float[][] values, AdamW.State optimizer) {
    return new Shard(optimizer.steps(), values, optimizer.means(), optimizer.squares());
  }

  /** The shard before the first step. */
  static Shard initial(float[][] values) {
    return new Shard(0, values, new float[0][], new float[0][]);
  }

  AdamW.State optimizer() {
    return new AdamW.State(steps, means, squares);
  }

  /**
   * The shard after a step.
   *
   * @param gradients of its pieces; changed
   */
  Shard after(float[][] gradients, AdamW.Settings settings, double rate) {
    float[][] stepped = copy(values);
    AdamW adam = new AdamW(settings, new AdamW.State(steps, copy(means), copy(squares)));
    adam.step(stepped, gradients, rate);
    return of(stepped, adam.state());
  }

  static float[][] copy(float[][] arrays) {
    float[][] copy = new float[arrays.length][];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = arrays[i].clone();
    }
    return copy;
  }
}
