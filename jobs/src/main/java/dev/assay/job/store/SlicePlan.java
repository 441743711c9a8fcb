package dev.assay.job.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * In which order slices are computed. A slice of which nothing is in the store is computed alone,
 * so that it is the same work whether or not an earlier run was killed. The missing rows of slices
 * that were begun come last, several slices together.
 */
record SlicePlan(List<Portion> portions) {
  /**
   * A slice and how much of it is done.
   *
   * @param wanted all its rows
   * @param stored those of them that are in the store
   */
  record Slice(int number, long wanted, long stored) {
    long missing() {
      return wanted - stored;
    }
  }

  /**
   * What is computed and committed at once.
   *
   * @param slices the slices' numbers
   * @param rows what is missing of them
   */
  record Portion(List<Integer> slices, long rows) {
    private static Portion of(List<Slice> slices) {
      return new Portion(
          slices.stream().map(Slice::number).toList(),
          slices.stream().mapToLong(Slice::missing).sum());
    }
  }

  /**
   * @param slices in any order
   * @param size rows that begun slices may have together
   */
  static SlicePlan of(List<Slice> slices, long size) {
    List<Portion> portions = new ArrayList<>();
    List<Slice> begun = new ArrayList<>();
    for (Slice slice : slices.stream().sorted(Comparator.comparing(Slice::number)).toList()) {
      if (slice.stored() == 0) {
        portions.add(Portion.of(List.of(slice)));
      } else if (slice.missing() > 0) {
        begun.add(slice);
      }
    }
    portions.addAll(gathered(begun, size));
    return new SlicePlan(portions);
  }

  private static List<Portion> gathered(List<Slice> begun, long size) {
    List<Portion> portions = new ArrayList<>();
    List<Slice> gathering = new ArrayList<>();
    long rows = 0;
    for (Slice slice : begun) {
      if (!gathering.isEmpty() && rows + slice.missing() > size) {
        portions.add(Portion.of(gathering));
        gathering.clear();
        rows = 0;
      }
      gathering.add(slice);
      rows += slice.missing();
    }
    if (!gathering.isEmpty()) {
      portions.add(Portion.of(gathering));
    }
    return portions;
  }

  /** How many rows are to be computed. */
  long missing() {
    return portions.stream().mapToLong(Portion::rows).sum();
  }
}
