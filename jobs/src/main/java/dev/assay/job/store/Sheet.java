package dev.assay.job.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Portions that get their texts and images together: the contents are read once for all of them.
 *
 * @param portions in the order of work
 */
record Sheet(List<SlicePlan.Portion> portions) {
  /** So that a portion's rows are found fast among the others'. */
  private static final int MOST_PORTIONS = 256;

  /**
   * Divides a plan's portions, in their order.
   *
   * @param size rows of a sheet, unless one portion has more
   */
  static List<Sheet> of(SlicePlan plan, long size) {
    List<Sheet> sheets = new ArrayList<>();
    List<SlicePlan.Portion> portions = new ArrayList<>();
    long rows = 0;
    for (SlicePlan.Portion portion : plan.portions()) {
      boolean full = portions.size() == MOST_PORTIONS || rows + portion.rows() > size;
      if (full && !portions.isEmpty()) {
        sheets.add(new Sheet(List.copyOf(portions)));
        portions.clear();
        rows = 0;
      }
      portions.add(portion);
      rows += portion.rows();
    }
    if (!portions.isEmpty()) {
      sheets.add(new Sheet(List.copyOf(portions)));
    }
    return sheets;
  }

  /** The slices of all its portions. */
  List<Integer> slices() {
    return portions.stream().flatMap(portion -> portion.slices().stream()).toList();
  }
}
