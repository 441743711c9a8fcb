package dev.assay.job.export;

/** What {@code export} writes. */
public enum OutputFormat {
  /** One JSON object a row, a row a line. */
  JSONL,
  /** The JSON list of UniME-V2's authors, from {@code negatives} only. */
  UNIME_V2
}
