/** The Parquet files of MMEB-train and MMEB-eval. */
package dev.assay.job.ingest.mmeb;
