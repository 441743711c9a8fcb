/**
 * Parameters in training that no machine holds as a whole: their values and their optimizer lie in
 * shards on the executors, which also add up the gradients and take the steps.
 */
package dev.assay.job.train.shard;
