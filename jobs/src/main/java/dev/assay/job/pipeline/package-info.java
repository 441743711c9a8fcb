/**
 * Jobs one after the other, on a Spark session that is started only when nothing speaks against it.
 */
package dev.assay.job.pipeline;
