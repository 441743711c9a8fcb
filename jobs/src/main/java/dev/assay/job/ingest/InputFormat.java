package dev.assay.job.ingest;

/** What {@code ingest} reads. */
public enum InputFormat {
  /** A folder of queries.jsonl, candidates.jsonl and positives.jsonl. */
  JSONL,
  /** The JSON list of UniME-V2's authors, one file. */
  UNIME_V2,
  /** Parquet files of MMEB-train. */
  MMEB_TRAIN,
  /** Parquet files of MMEB-eval: each query with the candidates to choose from. */
  MMEB_EVAL,
  /** The JSON files of SugarCrepe: each image with a true and a false caption. */
  SUGARCREPE;

  /** Whether queries come with the candidates to choose from: table {@code choices}. */
  boolean offersChoices() {
    return this == MMEB_EVAL || this == SUGARCREPE;
  }
}
