package dev.assay.model.features;

import dev.assay.prompt.Grid;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How images are cut, by their keys, without the least recently used ones. A grid takes some
 * hundred bytes; there may be one for each image of a large table.
 */
final class Grids extends LinkedHashMap<String, Grid> {
  private static final long serialVersionUID = 1L;

  private final int most;

  /**
   * @param most grids that are kept
   */
  Grids(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<String, Grid> eldest) {
    return size() > most;
  }
}
