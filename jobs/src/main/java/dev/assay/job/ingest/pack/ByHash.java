package dev.assay.job.ingest.pack;

import org.apache.spark.Partitioner;

/** Ranges of hashes. Hashes are uniform, so parts are of one size and no sample is needed. */
final class ByHash extends Partitioner {
  private static final long serialVersionUID = 1L;
  private static final int DIGITS = 8;

  private final int parts;

  ByHash(int parts) {
    this.parts = parts;
  }

  @Override
  public int numPartitions() {
    return parts;
  }

  /** The part of a hash in hexadecimal digits. */
  @Override
  public int getPartition(Object hash) {
    long start = Long.parseLong(((String) hash).substring(0, DIGITS), 16);
    return (int) (start * parts >>> 4 * DIGITS);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByHash that && that.parts == parts;
  }

  @Override
  public int hashCode() {
    return parts;
  }
}
