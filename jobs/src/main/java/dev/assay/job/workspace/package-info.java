/** A folder of Parquet tables, each written whole or not at all, each with a manifest. */
package dev.assay.job.workspace;
