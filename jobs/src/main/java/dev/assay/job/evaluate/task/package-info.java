/**
 * What a system is tested on: {@link dev.assay.job.evaluate.task.RetrievalTest retrieval} among all
 * candidates of a pool, and {@link dev.assay.job.evaluate.task.ChoiceTest choice} among a few given
 * candidates.
 */
package dev.assay.job.evaluate.task;
