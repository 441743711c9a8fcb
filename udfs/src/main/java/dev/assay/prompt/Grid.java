package dev.assay.prompt;

/**
 * The number of patches in an image.
 *
 * @param rows patches from top to bottom, a multiple of the vision tower's merge size
 * @param columns patches from left to right, likewise
 */
public record Grid(int rows, int columns) {
  public int patches() {
    return rows * columns;
  }

  /** The number of the image's tokens in the decoder: one for each merge x merge patches. */
  public int tokens(int mergeSize) {
    return patches() / (mergeSize * mergeSize);
  }
}
