package dev.assay.job.ingest.jsonl;

import dev.assay.job.ingest.input.Compression;
import java.io.Serializable;

/**
 * A part of a text file that one task reads: the lines that begin in it.
 *
 * @param file the file, fully qualified
 * @param compression of the whole file; a compressed one has one part
 * @param start first byte
 * @param end byte after the last one
 * @param firstLine number of the first line that begins in it, counted from 1 over the whole file
 */
record LineSplit(String file, Compression compression, long start, long end, long firstLine)
    implements Serializable {

  /** A part of a file that is not compressed. */
  LineSplit(String file, long start, long end, long firstLine) {
    this(file, Compression.NONE, start, end, firstLine);
  }

  /** A compressed file. Its text ends where it ends: the length is not known. */
  static LineSplit whole(String file, Compression compression) {
    return new LineSplit(file, compression, 0, Long.MAX_VALUE, 1);
  }
}
