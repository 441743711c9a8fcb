package dev.assay.prompt;

import java.util.List;

/** M-RoPE positions {@code [3][n]} (time, height, width) of a prompt. */
final class RopePositions {
  private RopePositions() {}

  /** Text alone: every token is one further than the last on all three axes. */
  static int[][] plain(int length) {
    int[][] positions = new int[3][length];
    for (int i = 0; i < length; i++) {
      set(positions, i, i, i, i);
    }
    return positions;
  }

  /**
   * transformers' {@code get_rope_index}: text advances by one on all axes. An image keeps one time
   * and counts merged rows and columns from its start. The text after it starts after the longer of
   * its sides.
   *
   * @param grids one a span, in patches
   */
  static int[][] withImages(
      int length, List<TokenSequence.ImageSpan> spans, List<Grid> grids, int mergeSize) {
    int[][] positions = new int[3][length];
    int at = 0;
    int next = 0;
    for (int image = 0; image < spans.size(); image++) {
      for (; at < spans.get(image).start(); at++, next++) {
        set(positions, at, next, next, next);
      }
      int rows = grids.get(image).rows() / mergeSize;
      int columns = grids.get(image).columns() / mergeSize;
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          set(positions, at++, next, next + row, next + column);
        }
      }
      next += Math.max(rows, columns);
    }
    for (; at < length; at++, next++) {
      set(positions, at, next, next, next);
    }
    return positions;
  }

  private static void set(int[][] positions, int i, int time, int height, int width) {
    positions[0][i] = time;
    positions[1][i] = height;
    positions[2][i] = width;
  }
}
