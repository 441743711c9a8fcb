package dev.assay.job.search;

import dev.assay.retrieval.Cells;
import java.io.Serializable;

/**
 * A search that is not exact: candidates lie in cells, and a query is compared with those of the
 * cells that are most similar to it.
 *
 * <p>A class and not a record: Spark may serialize it with Kryo, and Spark's version of Kryo does
 * not know records.
 */
public final class Probing implements Serializable {
  private static final long serialVersionUID = 1L;
  private final Cells cells;
  private final int probes;

  /**
   * @param probes how many cells a query searches
   */
  public Probing(Cells cells, int probes) {
    this.cells = cells;
    this.probes = probes;
  }

  Cells cells() {
    return cells;
  }

  int probes() {
    return probes;
  }
}
