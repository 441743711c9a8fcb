package dev.assay.prompt;

/**
 * A preprocessed image, ready for the vision tower.
 *
 * @param grid patches in each direction
 * @param values {@code [grid.patches(), channels * temporal * patch * patch]}, row major, in the
 *     order of transformers' {@code pixel_values} (merge blocks together)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Patches(Grid grid, float[] values) {
  /** The memory that the values take, in bytes. */
  public long bytes() {
    return (long) Float.BYTES * values.length;
  }
}
