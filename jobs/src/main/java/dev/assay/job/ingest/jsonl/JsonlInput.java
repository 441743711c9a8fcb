package dev.assay.job.ingest.jsonl;

import dev.assay.item.BadItemException;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.ingest.input.BrokenFile;
import dev.assay.job.ingest.input.Compression;
import dev.assay.job.ingest.input.ContentId;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.FoundItem;
import dev.assay.job.ingest.input.FoundPair;
import dev.assay.job.ingest.input.Input;
import dev.assay.job.ingest.input.JsonRow;
import dev.assay.job.workspace.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Three files of JSON lines: queries, candidates, positives. */
public final class JsonlInput implements Input {
  /** The dataset of rows that name none. */
  static final String DEFAULT_DATASET = "default";

  private final SparkSession spark;
  private final List<FileStatus> files;
  private final List<Compression> compressions;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * Opens the files.
   *
   * @param files queries, candidates, positives
   * @throws JobFailedException if compressed data ends too early or is damaged
   */
  public JsonlInput(
      SparkSession spark, List<FileStatus> files, Broadcast<SerializableConfiguration> hadoop) {
    this.spark = spark;
    this.files = files;
    this.hadoop = hadoop;
    this.compressions =
        files.stream().map(file -> compression(file, hadoop.value().value())).toList();
    if (compressions.stream().anyMatch(compression -> compression != Compression.NONE)) {
      // Read once to the end before the images, which may take hours.
      BrokenFile.refuse(
          items()
              .filter(item -> Found.BROKEN_FILE.equals(item.reason()))
              .map(item -> item.source() + ": " + item.detail()));
      BrokenFile.refuse(
          positives()
              .filter(pair -> Found.BROKEN_FILE.equals(pair.reason()))
              .map(pair -> pair.source() + ": " + pair.detail()));
    }
  }

  private static Compression compression(FileStatus file, Configuration hadoop) {
    try {
      return Compression.of(file.getPath(), hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file.getPath() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public JavaRDD<FoundItem> items() {
    JavaRDD<FoundItem> queries = rows(0, JsonlInput::query, true);
    JavaRDD<FoundItem> candidates = rows(1, JsonlInput::candidate, true);
    return queries.union(candidates);
  }

  @Override
  public JavaRDD<FoundPair> positives() {
    return rows(2, JsonlInput::pair, true);
  }

  /** Reads without line numbers, which cost a pass of their own. */
  @Override
  public JavaRDD<String> images() {
    JavaRDD<FoundItem> queries = rows(0, JsonlInput::query, false);
    JavaRDD<FoundItem> candidates = rows(1, JsonlInput::candidate, false);
    return queries.union(candidates).map(FoundItem::image);
  }

  private <T> JavaRDD<T> rows(int file, LinesToRows.Parser<T> parser, boolean numbered) {
    Compression compression = compressions.get(file);
    LineFile lines = new LineFile(spark, files.get(file), compression);
    List<LineSplit> splits = numbered ? lines.splits(hadoop) : lines.unnumberedSplits();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> configuration =
        hadoop; // so that the closure does not hold this object
    FlatMapFunction<Iterator<LineSplit>, T> read =
        parts -> new LinesToRows<>(parts, parser, configuration.value().value());
    JavaRDD<T> rows = context.parallelize(splits, Math.max(1, splits.size())).mapPartitions(read);
    // One task reads a compressed file, but all tasks read the images that it names.
    return compression == Compression.NONE
        ? rows
        : rows.repartition(4 * spark.sparkContext().defaultParallelism());
  }

  private static FoundItem query(LineReader.Line line, String source) {
    return item(line, source, Found.QUERY, Tables.QUERY_ID);
  }

  static FoundItem candidate(LineReader.Line line, String source) {
    return item(line, source, Found.CANDIDATE, Tables.CANDIDATE_ID);
  }

  private static FoundItem item(LineReader.Line line, String source, String kind, String idField) {
    String id = null;
    try {
      JsonRow row = line.json();
      id = row.id(idField);
      String dataset = row.text(Tables.DATASET);
      String image = row.text(Tables.IMAGE);
      String text = ContentId.text(row.text(Tables.TEXT), image);
      return FoundItem.of(
          kind,
          id,
          dataset == null ? DEFAULT_DATASET : dataset,
          text,
          image,
          line.number(),
          source);
    } catch (BadItemException e) {
      return FoundItem.of(kind, id, null, null, null, line.number(), source)
          .refused(e.reason(), e.detail());
    }
  }

  private static FoundPair pair(LineReader.Line line, String source) {
    String query = null;
    String candidate = null;
    String reason = null;
    String detail = null;
    try {
      JsonRow row = line.json();
      query = row.id(Tables.QUERY_ID);
      candidate = row.id(Tables.CANDIDATE_ID);
    } catch (BadItemException e) {
      reason = e.reason();
      detail = e.detail();
    }
    return new FoundPair(query, candidate, line.number(), source, reason, detail);
  }
}
