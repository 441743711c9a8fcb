/**
 * A training run on the driver: one step after the other, its checkpoints, its metrics, and the
 * model that it writes in the end.
 */
package dev.assay.job.train.run;
