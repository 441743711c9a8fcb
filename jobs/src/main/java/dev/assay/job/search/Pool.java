package dev.assay.job.search;

import java.util.Locale;

/** Among which candidates a query looks. */
public enum Pool {
  /** All of them. */
  GLOBAL,
  /** Those of the query's own dataset. */
  DATASET;

  /** As written in the settings. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
