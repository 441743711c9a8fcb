/** The JSON list of UniME-V2's authors: queries, positives, and mined negatives with scores. */
package dev.assay.job.ingest.unime;
