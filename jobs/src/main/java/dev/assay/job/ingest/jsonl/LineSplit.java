package dev.assay.job.ingest.jsonl;

import java.io.Serializable;

/**
 * A part of a text file that one task reads: the lines that begin in it.
 *
 * @param file the file, fully qualified
 * @param start first byte
 * @param end byte after the last one
 * @param firstLine number of the first line that begins in it, counted from 1 over the whole file
 */
record LineSplit(String file, long start, long end, long firstLine) implements Serializable {}
