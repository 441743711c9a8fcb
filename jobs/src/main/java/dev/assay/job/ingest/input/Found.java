package dev.assay.job.ingest.input;

/** Words of what is found in the input. */
public final class Found {
  public static final String KIND = "kind";
  public static final String QUERY = "query";
  public static final String CANDIDATE = "candidate";

  /** The reason of a row behind which the file cannot be read any further. */
  public static final String BROKEN_FILE = "broken_file";

  /** A number that puts rows into the order of the input. */
  public static final String ORDINAL = "ordinal";

  private Found() {}
}
