package dev.assay.retrieval;

import java.io.Serializable;

/**
 * Candidates with their vectors, one row after the other.
 *
 * <p>A class and not a record: Spark may carry it by Kryo, whose version there knows no records.
 */
public final class CandidateBlock implements Serializable {
  private static final long serialVersionUID = 1L;
  private final String[] ids;
  private final String[] contents;
  private final float[] vectors; // [candidates, dimensions]

  /**
   * @param ids of the candidates; not empty
   * @param contents their content hashes, null where unknown
   * @param vectors their vectors, [candidates, dimensions], finite
   */
  public CandidateBlock(String[] ids, String[] contents, float[] vectors) {
    if (ids.length == 0 || ids.length != contents.length || vectors.length % ids.length != 0) {
      throw new IllegalArgumentException(
          String.format(
              "%d ids, %d contents and %d numbers are no block of candidates",
              ids.length, contents.length, vectors.length));
    }
    this.ids = ids;
    this.contents = contents;
    this.vectors = vectors;
  }

  public int size() {
    return ids.length;
  }

  public int dimensions() {
    return vectors.length / ids.length;
  }

  String id(int candidate) {
    return ids[candidate];
  }

  String content(int candidate) {
    return contents[candidate];
  }

  float[] vectors() {
    return vectors;
  }
}
