package dev.assay.retrieval;

import java.io.Serializable;
import java.util.List;

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

  /** Some of its candidates, by their places. */
  public CandidateBlock some(int[] places) {
    int dimensions = dimensions();
    String[] someIds = new String[places.length];
    String[] someContents = new String[places.length];
    float[] someVectors = new float[places.length * dimensions];
    for (int i = 0; i < places.length; i++) {
      someIds[i] = ids[places[i]];
      someContents[i] = contents[places[i]];
      System.arraycopy(vectors, places[i] * dimensions, someVectors, i * dimensions, dimensions);
    }
    return new CandidateBlock(someIds, someContents, someVectors);
  }

  /** The candidates of several blocks, one after the other; at least one block. */
  public static CandidateBlock together(List<CandidateBlock> blocks) {
    int size = blocks.stream().mapToInt(CandidateBlock::size).sum();
    int dimensions = blocks.get(0).dimensions();
    String[] ids = new String[size];
    String[] contents = new String[size];
    float[] vectors = new float[Math.multiplyExact(size, dimensions)];
    int at = 0;
    for (CandidateBlock block : blocks) {
      System.arraycopy(block.ids, 0, ids, at, block.size());
      System.arraycopy(block.contents, 0, contents, at, block.size());
      System.arraycopy(block.vectors, 0, vectors, at * dimensions, block.vectors.length);
      at += block.size();
    }
    return new CandidateBlock(ids, contents, vectors);
  }

  /** All vectors, [candidates, dimensions]; not to be changed. */
  public float[] vectors() {
    return vectors;
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
}
