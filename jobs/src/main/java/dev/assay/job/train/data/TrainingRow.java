package dev.assay.job.train.data;

import java.io.Serializable;

/** What an example is made of, small enough to travel: ids, texts and image paths. */
public interface TrainingRow extends Serializable {
  /** What messages call it. */
  String id();
}
