/** Decides which rows can be used, whatever their format, and gives the others a reason. */
package dev.assay.job.ingest.check;
