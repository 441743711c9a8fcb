package dev.assay.image.png;

import dev.assay.image.pixels.BadImage;

/** The five ways in which a PNG row is stored as differences. */
final class PngFilter {
  private PngFilter() {}

  /**
   * Undoes a row's filter in place.
   *
   * @param row filter type, then the bytes
   * @param above the row above, already undone; zeros for the first
   * @param back bytes from one pixel to the next, at least 1
   */
  static void undo(byte[] row, byte[] above, int back) {
    int start = Math.min(row.length, 1 + back);
    switch (row[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = start; i < row.length; i++) {
          row[i] += row[i - back];
        }
      }
      case 2 -> {
        for (int i = 1; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 1; i < start; i++) {
          row[i] += (byte) ((above[i] & 0xff) >> 1);
        }
        for (int i = start; i < row.length; i++) {
          row[i] += (byte) (((row[i - back] & 0xff) + (above[i] & 0xff)) >> 1);
        }
      }
      case 4 -> {
        for (int i = 1; i < start; i++) {
          row[i] += above[i];
        }
        for (int i = start; i < row.length; i++) {
          row[i] += (byte) paeth(row[i - back] & 0xff, above[i] & 0xff, above[i - back] & 0xff);
        }
      }
      default -> throw BadImage.unreadable("PNG row with filter " + row[0]);
    }
  }

  private static int paeth(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}
