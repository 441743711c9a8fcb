package dev.assay.model;

import dev.assay.checkpoint.config.VisionConfig;
import dev.assay.prompt.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which patches see each other. Windows are padded to the longest one.
 *
 * @param length patches in the longest window
 * @param index {@code [windows, length]}: the patches of each window; padding repeats patch 0
 * @param keep {@code [windows, length]}: 0 at a patch, minus infinity at padding
 * @param home {@code [patches]}: the place of each patch in {@code index}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record VisionWindows(int length, long[] index, float[] keep, long[] home) {

  /** One window an image: every patch sees its whole image, and no other. */
  static VisionWindows whole(List<Grid> images) {
    List<int[]> windows = new ArrayList<>();
    int first = 0;
    for (Grid grid : images) {
      windows.add(IntStream.range(first, first + grid.patches()).toArray());
      first += grid.patches();
    }
    return of(windows, first);
  }

  /**
   * Square windows over each image, from its top left corner. Windows at the right and lower edge
   * may be smaller. Equal to transformers' {@code get_window_index} without its reordering of
   * patches.
   */
  static VisionWindows square(List<Grid> images, VisionConfig config) {
    int merge = config.merge();
    int side = config.window() / config.patch() / merge; // in merged units
    int unit = merge * merge; // patches of a merged unit stand together
    List<int[]> windows = new ArrayList<>();
    int first = 0;
    for (Grid grid : images) {
      int rows = grid.rows() / merge;
      int columns = grid.columns() / merge;
      for (int top = 0; top < rows; top += side) {
        for (int left = 0; left < columns; left += side) {
          int height = Math.min(side, rows - top);
          int width = Math.min(side, columns - left);
          int[] window = new int[height * width * unit];
          int n = 0;
          for (int r = top; r < top + height; r++) {
            for (int c = left; c < left + width; c++) {
              for (int p = 0; p < unit; p++) {
                window[n++] = first + (r * columns + c) * unit + p;
              }
            }
          }
          windows.add(window);
        }
      }
      first += grid.patches();
    }
    return of(windows, first);
  }

  private static VisionWindows of(List<int[]> windows, int patches) {
    int length = windows.stream().mapToInt(w -> w.length).max().orElse(0);
    long[] index = new long[windows.size() * length];
    float[] keep = new float[index.length];
    long[] home = new long[patches];
    for (int w = 0; w < windows.size(); w++) {
      int[] window = windows.get(w);
      for (int i = 0; i < length; i++) {
        int at = w * length + i;
        if (i < window.length) {
          index[at] = window[i];
          home[window[i]] = at;
        } else {
          keep[at] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    return new VisionWindows(length, index, keep, home);
  }

  int count() {
    return length == 0 ? 0 : index.length / length;
  }
}
