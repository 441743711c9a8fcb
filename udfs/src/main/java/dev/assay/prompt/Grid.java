package dev.assay.prompt;

/**
 * How many patches an image is cut into.
 *
 * @param rows patches from top to bottom, a multiple of the vision tower's merge size
 * @param columns patches from left to right, likewise
 */
public record Grid(int rows, int columns) {
  public int patches() {
    return rows * columns;
  }

  /** Tokens the image takes in the decoder's sequence, after merge x merge patches became one. */
  public int tokens(int mergeSize) {
    return patches() / (mergeSize * mergeSize);
  }
}
