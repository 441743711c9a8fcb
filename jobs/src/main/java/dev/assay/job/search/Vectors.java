package dev.assay.job.search;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;

/** Embeddings as they come out of rows. */
public final class Vectors {
  /** Rounding leaves the norm of an embedding far nearer to 1 than this. */
  private static final double TOLERANCE = 1e-3;

  private Vectors() {}

  /** A column of floats as an array. */
  public static float[] floats(Row row, int field) {
    List<Float> values = row.getList(field);
    float[] floats = new float[values.size()];
    int i = 0;
    for (Float value : values) {
      floats[i++] = value;
    }
    return floats;
  }

  /**
   * Copies a vector into its row of a block.
   *
   * @throws IllegalStateException if the vector is not {@code dimensions} long, or its L2 norm is
   *     not 1, so that its dot products are not cosines
   */
  static void copy(String id, float[] vector, float[] block, int place, int dimensions) {
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    if (vector.length != dimensions || !(Math.abs(Math.sqrt(square) - 1) <= TOLERANCE)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot search with the embedding of %s: %d dimensions of norm %.4f, not %d of norm"
                  + " 1",
              id,
              vector.length,
              Math.sqrt(square),
              dimensions));
    }
    System.arraycopy(vector, 0, block, place * dimensions, dimensions);
  }
}
