/**
 * Files of others become tables. A format ({@code JsonlInput}, {@code UnimeInput}, {@code
 * ChoiceInput}) gives rows as they were found; {@code IngestJob} decides which of them can be used,
 * whatever the format.
 */
package dev.assay.job.ingest;
