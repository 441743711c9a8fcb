package dev.assay.retrieval;

import java.io.Serializable;

/**
 * A block of candidates with their vectors.
 *
 * <p>A class and not a record: Spark may serialize it with Kryo, and Spark's version of Kryo does
 * not know records.
 */
public final class CandidateBlock implements Serializable {
  private static final long serialVersionUID = 1L;
  private final String[] ids;
  private final String[] contents;
  private final float[] vectors; // [candidates, dimensions]
  private transient Magnitude magnitude;

  /**
   * @param ids of the candidates; not empty
   * @param contents their content hashes, null where unknown
   * @param vectors their vectors, [candidates, dimensions], finite
   */
  public CandidateBlock(String[] ids, String[] contents, float[] vectors) {
    if (ids.length == 0 || ids.length != contents.length || vectors.length % ids.length != 0) {
      throw new IllegalArgumentException(
          "A block of candidates needs one content hash and one vector for each id, but has "
              + ids.length
              + " ids, "
              + contents.length
              + " hashes and "
              + vectors.length
              + " numbers");
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

  /** Of all its vectors; measured at the first call. */
  Magnitude magnitude() {
    if (magnitude == null) {
      magnitude = Magnitude.largest(vectors, 0, size(), dimensions());
    }
    return magnitude;
  }
}
