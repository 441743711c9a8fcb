/**
 * How a Spark task turns rows into items and results back into rows. {@link
 * dev.assay.udf.rows.ItemReader} reads items. {@link dev.assay.udf.rows.Batches} runs a model on
 * them and isolates the ones it cannot use. {@link dev.assay.udf.rows.Outcome} is a value or the
 * reason why there is none.
 */
package dev.assay.udf.rows;
