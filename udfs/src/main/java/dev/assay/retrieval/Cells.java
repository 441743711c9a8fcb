package dev.assay.retrieval;

import ai.djl.Device;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;

/**
 * Directions that cut the sphere into cells: a vector belongs to the cell whose direction is most
 * similar to it, of equally similar ones to the first.
 *
 * <p>A class and not a record: Spark may serialize it with Kryo, and Spark's version of Kryo does
 * not know records.
 */
public final class Cells implements Serializable {
  private static final long serialVersionUID = 1L;
  private final int count;
  private final float[] directions; // [cells, dimensions]

  /**
   * @param centres one for each cell, not all numbers of one 0; only their directions count
   */
  public Cells(float[][] centres) {
    this.count = centres.length;
    int dimensions = centres[0].length;
    this.directions = new float[Math.multiplyExact(count, dimensions)];
    for (int cell = 0; cell < count; cell++) {
      double square = 0;
      for (float value : centres[cell]) {
        square += (double) value * value;
      }
      for (int i = 0; i < dimensions; i++) {
        directions[cell * dimensions + i] = (float) (centres[cell][i] / Math.sqrt(square));
      }
    }
  }

  public int count() {
    return count;
  }

  /**
   * The cells that are most similar to each vector, the most similar first.
   *
   * @param vectors [rows, dimensions]
   * @param most how many cells for each vector; all if there are fewer
   * @return [rows, cells]
   */
  public int[][] nearest(float[] vectors, int most, Device device) {
    int rows = vectors.length / (directions.length / count);
    Exclusion[] nothing = new Exclusion[rows];
    Arrays.fill(nothing, Exclusion.none());
    String[] names = new String[count];
    Arrays.setAll(names, cell -> String.format(Locale.ROOT, "%09d", cell));
    int[][] nearest = new int[rows][];
    QueryBlock block = new QueryBlock(new String[rows], nothing, vectors);
    try (ExactTopK search = new ExactTopK(block, most, device)) {
      search.add(new CandidateBlock(names, new String[count], directions));
      for (int row = 0; row < rows; row++) {
        nearest[row] =
            search.retrieved(row).stream()
                .mapToInt(hit -> Integer.parseInt(hit.candidateId()))
                .toArray();
      }
    }
    return nearest;
  }
}
