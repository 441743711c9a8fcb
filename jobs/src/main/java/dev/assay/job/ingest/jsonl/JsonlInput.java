package dev.assay.job.ingest.jsonl;

import dev.assay.item.BadItemException;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.Input;
import dev.assay.job.ingest.input.JsonRow;
import dev.assay.job.workspace.Tables;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Three files of JSON lines: queries, candidates, positives. */
public final class JsonlInput implements Input {
  /** Rows without a dataset belong to this one. */
  static final String DEFAULT_DATASET = "default";

  private final SparkSession spark;
  private final List<FileStatus> files;
  private final Broadcast<SerializableConfiguration> hadoop;

  public JsonlInput(
      SparkSession spark, List<FileStatus> files, Broadcast<SerializableConfiguration> hadoop) {
    this.spark = spark;
    this.files = files;
    this.hadoop = hadoop;
  }

  @Override
  public Dataset<Row> items() {
    JavaRDD<Row> queries = rows(files.get(0), JsonlInput::query);
    JavaRDD<Row> candidates = rows(files.get(1), JsonlInput::candidate);
    return spark.createDataFrame(queries.union(candidates), Found.ITEM);
  }

  @Override
  public Dataset<Row> positives() {
    return spark.createDataFrame(rows(files.get(2), JsonlInput::pair), Found.PAIR);
  }

  private JavaRDD<Row> rows(FileStatus file, LinesToRows.Parser parser) {
    List<LineSplit> splits = LineFile.splits(spark, file, hadoop);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> configuration =
        hadoop; // the closure takes no more than it
    FlatMapFunction<Iterator<LineSplit>, Row> read =
        parts -> new LinesToRows(parts, parser, configuration.value().value());
    return context.parallelize(splits, Math.max(1, splits.size())).mapPartitions(read);
  }

  private static Row query(LineReader.Line line, String source) {
    return item(line, source, Found.QUERY, Tables.QUERY_ID);
  }

  static Row candidate(LineReader.Line line, String source) {
    return item(line, source, Found.CANDIDATE, Tables.CANDIDATE_ID);
  }

  private static Row item(LineReader.Line line, String source, String kind, String idField) {
    String id = null;
    try {
      JsonRow row = JsonRow.parse(line.bytes());
      id = row.id(idField);
      String dataset = row.text(Tables.DATASET);
      return Found.item(
          kind,
          id,
          dataset == null ? DEFAULT_DATASET : dataset,
          row.text(Tables.TEXT),
          row.text(Tables.IMAGE),
          null,
          line.number(),
          source,
          null,
          null);
    } catch (BadItemException e) {
      return Found.item(
          kind, id, null, null, null, null, line.number(), source, e.reason(), e.detail());
    }
  }

  private static Row pair(LineReader.Line line, String source) {
    String query = null;
    String candidate = null;
    String reason = null;
    String detail = null;
    try {
      JsonRow row = JsonRow.parse(line.bytes());
      query = row.id(Tables.QUERY_ID);
      candidate = row.id(Tables.CANDIDATE_ID);
    } catch (BadItemException e) {
      reason = e.reason();
      detail = e.detail();
    }
    return RowFactory.create(query, candidate, line.number(), source, reason, detail);
  }
}
