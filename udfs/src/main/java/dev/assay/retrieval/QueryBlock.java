package dev.assay.retrieval;

import java.io.Serializable;

/**
 * A block of queries with their vectors and with what each query may not retrieve.
 *
 * <p>A class and not a record: Spark may serialize it with Kryo, and Spark's version of Kryo does
 * not know records.
 */
public final class QueryBlock implements Serializable {
  private static final long serialVersionUID = 1L;
  private final String[] ids;
  private final Exclusion[] exclusions;
  private final float[] vectors; // [queries, dimensions]

  /**
   * @param ids of the queries; not empty
   * @param exclusions one for each query
   * @param vectors their vectors, [queries, dimensions], finite
   */
  public QueryBlock(String[] ids, Exclusion[] exclusions, float[] vectors) {
    if (ids.length == 0 || ids.length != exclusions.length || vectors.length % ids.length != 0) {
      throw new IllegalArgumentException(
          "A block of queries needs one exclusion and one vector for each id, but has "
              + ids.length
              + " ids, "
              + exclusions.length
              + " exclusions and "
              + vectors.length
              + " numbers");
    }
    this.ids = ids;
    this.exclusions = exclusions;
    this.vectors = vectors;
  }

  public int size() {
    return ids.length;
  }

  public int dimensions() {
    return vectors.length / ids.length;
  }

  public String id(int query) {
    return ids[query];
  }

  public Exclusion exclusion(int query) {
    return exclusions[query];
  }

  /** All vectors, [queries, dimensions]; not to be changed. */
  public float[] vectors() {
    return vectors;
  }
}
