/**
 * One training step on the executors: a batch is cut into parts, each executor computes the
 * gradients of the parts that it gets, and these are added up in the order of the parts.
 */
package dev.assay.job.train.step;
