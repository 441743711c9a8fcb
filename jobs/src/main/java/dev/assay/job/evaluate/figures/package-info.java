/**
 * The figures of an evaluation: each query's metrics, their means over datasets, and the intervals
 * of these. They are few numbers, on the driver. Only {@link
 * dev.assay.job.evaluate.figures.Outcomes} and {@link dev.assay.job.evaluate.figures.Figure} know
 * Spark's rows.
 */
package dev.assay.job.evaluate.figures;
