/**
 * Training on the executors. The driver holds the values of all parameters, the optimizer and the
 * schedule. In a step it takes a batch of rows and cuts it into parts. One Spark job computes the
 * gradients of each part, with the model's replica on some executor, and adds them up in the order
 * of the parts. So a step gives the same bits whichever executor computes which part, in whatever
 * order the tasks end, and however many executors are lost.
 *
 * <p>Package {@code data} makes the batches, {@code step} computes a step on the executors, and
 * {@code run} takes one step after the other. Here are the jobs and their options.
 */
package dev.assay.job.train;
