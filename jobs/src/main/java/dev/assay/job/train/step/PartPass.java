package dev.assay.job.train.step;

import dev.assay.train.Gradients;
import dev.assay.train.Replica;
import java.io.Serializable;
import java.util.List;

/** How a replica computes a part's gradients. */
@FunctionalInterface
interface PartPass<E> extends Serializable {
  Gradients of(
      Replica<E> replica, float[][] values, List<E> examples, BatchPart<?> part, long seed);
}
