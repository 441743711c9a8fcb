/**
 * What a system is tested on: {@link dev.assay.job.evaluate.task.RetrievalTask retrieval} among all
 * candidates of a pool, and {@link dev.assay.job.evaluate.task.ChoiceTask choice} among a few given
 * candidates.
 */
package dev.assay.job.evaluate.task;
