/**
 * The data of a training run: the mined lists with the items that they name, checked; the same rows
 * in a new order in each epoch; and batches of them.
 */
package dev.assay.job.train.data;
