/**
 * Training: losses, gradients of a model's parameters, the optimizer and its schedules.
 *
 * <p>A {@link dev.assay.train.Replica} holds a model on one device and gives the gradients of a
 * part of a batch. Gradients are sums, so those of all parts add up to the batch's, wherever they
 * were computed; the step is taken in one place.
 */
package dev.assay.train;
