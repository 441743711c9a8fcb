/** Copies image files into packs, and keeps account of what lies where. */
package dev.assay.job.ingest.pack;
