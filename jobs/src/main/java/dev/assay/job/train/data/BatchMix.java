package dev.assay.job.train.data;

/** What a batch is put together from. */
public enum BatchMix {
  /** From all datasets, as they come. */
  MIXED,

  /** Each from one dataset; which, is shuffled too. */
  DATASET
}
