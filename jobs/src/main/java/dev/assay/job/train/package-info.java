/**
 * Training on the executors. The driver holds the values of all parameters, the optimizer and the
 * schedule. In a step it takes a batch of rows, cuts it into parts, and one Spark job gives the
 * gradients of each part, computed by the replica of whichever executor gets the part, and adds
 * them up in the order of the parts. A step is thus the same, to the bit, whichever executor
 * computes which part, in whatever order they end, and however often one is lost.
 */
package dev.assay.job.train;
