package dev.assay.retrieval;

import java.io.Serializable;

/**
 * Queries with their vectors, one row after the other, and what each may not retrieve.
 *
 * <p>A class and not a record: Spark may carry it by Kryo, whose version there knows no records.
 */
public final class QueryBlock implements Serializable {
  private static final long serialVersionUID = 1L;
  private final String[] ids;
  private final Exclusion[] exclusions;
  private final float[] vectors; // [queries, dimensions]

  /**
   * @param ids of the queries; not empty
   * @param exclusions one a query
   * @param vectors their vectors, [queries, dimensions], finite
   */
  public QueryBlock(String[] ids, Exclusion[] exclusions, float[] vectors) {
    if (ids.length == 0 || ids.length != exclusions.length || vectors.length % ids.length != 0) {
      throw new IllegalArgumentException(
          String.format(
              "%d ids, %d exclusions and %d numbers are no block of queries",
              ids.length, exclusions.length, vectors.length));
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

  float[] vectors() {
    return vectors;
  }
}
