package dev.assay.job.train.step;

import dev.assay.random.Seeds;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a batch that are computed together.
 *
 * @param index 0 for the first part of the batch
 * @param first index of its first row within the batch
 */
record BatchPart<R>(int index, int first, List<R> rows) implements Serializable {

  /** Cuts a batch into parts whose sizes differ by one row at most. No part is empty. */
  static <R> List<BatchPart<R>> of(List<R> batch, int parts) {
    int number = Math.min(parts, batch.size());
    List<BatchPart<R>> cut = new ArrayList<>();
    for (int p = 0; p < number; p++) {
      int from = (int) ((long) p * batch.size() / number);
      int to = (int) ((p + 1L) * batch.size() / number);
      cut.add(new BatchPart<>(p, from, List.copyOf(batch.subList(from, to))));
    }
    return cut;
  }

  /** The dropout seed of this part in a step of a run. */
  long dropoutSeed(long run, long step) {
    return Seeds.mix(run, "dropout", step, index);
  }
}
