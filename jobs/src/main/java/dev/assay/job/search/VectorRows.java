package dev.assay.job.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ids and their vectors, one after the other in one array that grows. */
final class VectorRows {
  private static final int FIRST = 64;

  private final List<String> ids = new ArrayList<>();
  private float[] vectors = new float[0];
  private int dimensions;

  /**
   * @throws IllegalStateException if the vector is not as long as the first, or its norm is not 1
   */
  void add(String id, float[] vector) {
    if (ids.isEmpty()) {
      dimensions = vector.length;
    }
    if (vectors.length == ids.size() * dimensions) {
      int rows = Math.max(FIRST, 2 * ids.size());
      vectors = Arrays.copyOf(vectors, Math.multiplyExact(rows, dimensions));
    }
    Vectors.copy(id, vector, vectors, ids.size(), dimensions);
    ids.add(id);
  }

  String[] ids() {
    return ids.toArray(String[]::new);
  }

  /** The vectors, [rows, dimensions]. */
  float[] vectors() {
    int length = ids.size() * dimensions;
    return vectors.length == length ? vectors : Arrays.copyOf(vectors, length);
  }
}
