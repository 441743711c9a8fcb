/**
 * Training: losses, gradients of a model's parameters, the optimizer and its schedules.
 *
 * <p>A {@link dev.assay.train.Replica} holds a model on one device and computes the gradients of a
 * part of a batch. Gradients are sums, so the gradients of all parts add up to those of the batch.
 * The optimizer takes the step in one place.
 */
package dev.assay.train;
