package dev.assay.job.train;

import dev.assay.train.loss.ContrastiveLoss;
import dev.assay.train.loss.DistributionAlignment;
import dev.assay.train.loss.InBatch;
import dev.assay.train.loss.OwnNegatives;

/** What an embedder is trained to. */
public enum LossKind {
  /** The cosines of a query's candidates follow the judge's scores (UniME-V2). */
  DISTRIBUTION_ALIGNMENT,

  /** The positive before the query's own negatives (InfoNCE). */
  OWN_NEGATIVES,

  /** The positive before all candidates of the batch (InfoNCE). */
  IN_BATCH,

  /** A query's own candidates before all of the batch, shared out as the judge's scores say. */
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
