/**
 * Judges retrieved and positive pairs. {@link dev.assay.job.judge.JudgeJob} knows tables, {@link
 * dev.assay.job.store.ResultStore} which pairs were judged before, and {@link
 * dev.assay.job.inference.JudgePairs} turns the others into margins.
 */
package dev.assay.job.judge;
