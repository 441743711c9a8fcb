package dev.assay.job.train.step;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rows of a batch that are computed together.
 *
 * @param index 0 for the first part of the batch
 * @param first index of its first row within the batch
 */
record BatchPart<R>(int index, int first, List<R> rows) implements Serializable {

  /** Cuts a batch into parts that differ by one row at most; fewer where there are fewer rows. */
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

  /** The seed of this part in a step: another for every step and part of a run. */
  long seed(long run, long step) {
    long ofStep = new SplittableRandom(run).nextLong() + step;
    return new SplittableRandom(new SplittableRandom(ofStep).nextLong() + index).nextLong();
  }
}
