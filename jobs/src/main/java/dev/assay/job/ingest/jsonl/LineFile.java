package dev.assay.job.ingest.jsonl;

import dev.assay.job.ingest.input.Compression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongBinaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Cuts a file of lines into parts. Tasks read the parts independently and still know their line
 * numbers, because a first pass counts the line ends: a bad row is found by its file and line.
 */
final class LineFile {
  private static final long MAX_SPLIT_BYTES = 8L << 20;
  private static final long MIN_SPLIT_BYTES = 16L << 10;

  private final SparkSession spark;
  private final String path;
  private final long length;
  private final Compression compression;
  private final long bytes;

  LineFile(SparkSession spark, FileStatus file, Compression compression) {
    this.spark = spark;
    this.path = file.getPath().toString();
    this.length = file.getLen();
    this.compression = compression;
    // To read a row's image takes longer than to read its line: several parts per core, even if
    // the file is short.
    long wanted = length / (4L * spark.sparkContext().defaultParallelism());
    this.bytes = Math.max(MIN_SPLIT_BYTES, Math.min(MAX_SPLIT_BYTES, wanted));
  }

  /** The parts; their line numbers mean nothing. */
  List<LineSplit> unnumberedSplits() {
    return compression == Compression.NONE
        ? cut(path, length, bytes, (start, end) -> 0)
        : List.of(LineSplit.whole(path, compression));
  }

  /** The parts with the numbers of their first lines. */
  List<LineSplit> splits(Broadcast<SerializableConfiguration> hadoop) {
    List<LineSplit> unnumbered = unnumberedSplits();
    if (unnumbered.size() < 2) {
      return unnumbered;
    }
    int tasks = Math.min(unnumbered.size(), 4 * spark.sparkContext().defaultParallelism());
    List<Long> counts =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(unnumbered, tasks)
            .map(s -> countBefore(s.file(), s.start(), s.end(), hadoop.value().value()))
            .collect();
    return cut(path, length, bytes, (start, end) -> counts.get((int) (start / bytes)));
  }

  /**
   * Cuts a file.
   *
   * @param countBefore line ends between the bytes before two positions, which is what {@link
   *     #countBefore} counts
   */
  static List<LineSplit> cut(String path, long length, long bytes, LongBinaryOperator countBefore) {
    List<LineSplit> splits = new ArrayList<>();
    long ends = 0; // line ends before byte start - 1
    for (long start = 0; start < length; start += bytes) {
      long end = Math.min(start + bytes, length);
      // In front of the first line that begins here are those ends and the end of the line before.
      splits.add(new LineSplit(path, start, end, start == 0 ? 1 : ends + 2));
      ends += countBefore.applyAsLong(start, end);
    }
    return splits;
  }

  /** Line ends from the byte before {@code start} to before the byte before {@code end}. */
  static long countBefore(String path, long start, long end, Configuration hadoop) {
    try {
      return LineReader.countLineEnds(path, Math.max(0, start - 1), end - 1, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }
}
