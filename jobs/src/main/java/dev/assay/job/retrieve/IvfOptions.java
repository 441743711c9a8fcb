package dev.assay.job.retrieve;

import dev.assay.job.failure.SettingsException;
import java.util.Locale;

/**
 * Settings of a search in cells.
 *
 * @param cells how many cells the candidates are cut into
 * @param probes how many cells each query searches
 */
public record IvfOptions(int cells, int probes) {
  /**
   * @throws SettingsException if a number makes no sense
   */
  public IvfOptions {
    if (cells < 2) {
      throw new SettingsException("retrieve.ivf.cells must be at least 2, not " + cells);
    }
    if (probes < 1 || probes > cells) {
      throw new SettingsException(
          String.format(
              Locale.ROOT,
              "retrieve.ivf.probes must be from 1 to retrieve.ivf.cells (%d), not %d",
              cells,
              probes));
    }
  }

  /**
   * @throws SettingsException if there are fewer candidates than cells
   */
  void check(long candidates) {
    if (candidates > 0 && candidates < cells) {
      throw new SettingsException(
          String.format(
              Locale.ROOT,
              "Cannot cut %,d candidates into %,d cells: set retrieve.ivf.cells to fewer, or"
                  + " retrieve.method to exact",
              candidates,
              cells));
    }
  }

  /** As written in manifests. */
  String label() {
    return String.format(Locale.ROOT, "%d cells, %d probes", cells, probes);
  }
}
