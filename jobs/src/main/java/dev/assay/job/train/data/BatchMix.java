package dev.assay.job.train.data;

/** Which datasets the rows of a batch come from. */
public enum BatchMix {
  /** All datasets, in the order of shuffling. */
  MIXED,

  /** One dataset for each batch; the order of the datasets is random. */
  DATASET
}
