/**
 * Judges retrieved and positive pairs. {@link dev.assay.job.judge.JudgeJob} knows tables; {@link
 * dev.assay.job.judge.JudgingStep} turns pairs of contents into margins, and is where scores from
 * elsewhere can be put in.
 */
package dev.assay.job.judge;
