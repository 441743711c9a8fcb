/**
 * Runs jobs one after the other, on a Spark session that starts only after all checks have passed,
 * and ends the process.
 */
package dev.assay.job.pipeline;
