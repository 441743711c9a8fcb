/** What every input format gives: items and pairs as found, each with its place in the input. */
package dev.assay.job.ingest.input;
