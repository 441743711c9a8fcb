/**
 * How a run ends badly: {@link dev.assay.job.failure.SettingsException} for wrong usage, {@link
 * dev.assay.job.failure.JobFailedException} for a job that was used rightly and could not go on.
 */
package dev.assay.job.failure;
