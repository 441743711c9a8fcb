/** Reads image files, hashes items, and remembers what was read. */
package dev.assay.job.ingest.images;
