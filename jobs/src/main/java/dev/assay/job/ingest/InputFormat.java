package dev.assay.job.ingest;

/** What {@code ingest} reads. */
public enum InputFormat {
  /** A folder of queries.jsonl, candidates.jsonl and positives.jsonl. */
  JSONL,
  /** The JSON list of UniME-V2's authors, one file. */
  UNIME_V2
}
