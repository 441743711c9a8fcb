package dev.assay.job.train;

import dev.assay.train.loss.ContrastiveLoss;
import dev.assay.train.loss.DistributionAlignment;
import dev.assay.train.loss.InBatch;
import dev.assay.train.loss.OwnNegatives;

/** The losses an embedder can be trained with. */
public enum LossKind {
  /** The cosines of a query's candidates follow the judge's scores (UniME-V2). */
  DISTRIBUTION_ALIGNMENT,

  /** The positive scores above the query's own negatives (InfoNCE). */
  OWN_NEGATIVES,

  /** The positive scores above all other candidates of the batch (InfoNCE). */
  IN_BATCH,

  /**
   * Over all candidates of the batch, the cosines follow the judge's scores for the query's own
   * candidates and 0 for all others.
   */
  IN_BATCH_ALIGNMENT;

  ContrastiveLoss at(double temperature) {
    return switch (this) {
      case DISTRIBUTION_ALIGNMENT -> new DistributionAlignment(temperature);
      case OWN_NEGATIVES -> new OwnNegatives(temperature);
      case IN_BATCH -> new InBatch(temperature, InBatch.Target.POSITIVE);
      case IN_BATCH_ALIGNMENT -> new InBatch(temperature, InBatch.Target.SCORES);
    };
  }
}
