package dev.assay.job.ingest.unime;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.ingest.input.BrokenFile;
import dev.assay.job.ingest.input.Compression;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.FoundItem;
import dev.assay.job.ingest.input.FoundPair;
import dev.assay.job.ingest.input.Input;
import dev.assay.job.workspace.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The authors' JSON list. One task streams it, because a list cannot be cut without being read. The
 * images, which take most of the time, are then read by all tasks.
 */
public final class UnimeInput implements Input {
  static final String DATASET = "unime-v2";

  private final Dataset<Row> entries;
  private final int partitions;

  /**
   * @param partitions of the items: so many tasks read images
   * @throws JobFailedException if the file is not a JSON list from beginning to end
   */
  public UnimeInput(
      SparkSession spark,
      FileStatus file,
      int partitions,
      Broadcast<SerializableConfiguration> hadoop) {
    this.partitions = partitions;
    String path = file.getPath().toString();
    JavaRDD<Row> rows =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(List.of(path), 1)
            .flatMap(
                name -> {
                  Path of = new Path(name);
                  InputStream in = Compression.text(of, hadoop.value().value());
                  TaskCompletionListener close = task -> closeQuietly(in);
                  TaskContext.get().addTaskCompletionListener(close);
                  return new UnimeReader(of.getName(), in);
                });
    entries =
        spark
            .createDataFrame(rows, UnimeEntry.SCHEMA)
            .repartition(partitions)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      BrokenFile.refuse(entries);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public JavaRDD<FoundItem> items() {
    Dataset<Row> usable = entries.where(col(Tables.REASON).isNull());
    Dataset<Row> negatives = usable.withColumn(UnimeEntry.POSITIVE, explode(col(Tables.NEGATIVES)));
    return items(usable, Found.QUERY, Found.QUERY)
        .union(items(usable, Found.CANDIDATE, UnimeEntry.POSITIVE))
        .union(items(negatives, Found.CANDIDATE, UnimeEntry.POSITIVE))
        .repartition(partitions, col(Found.KIND), col(Tables.ID))
        .groupBy(Found.KIND, Tables.ID)
        .agg(
            min(Found.ORDINAL).as(Found.ORDINAL),
            min_by(struct(Tables.TEXT, Tables.IMAGE, Tables.SOURCE), col(Found.ORDINAL))
                .as("first"))
        .select(
            col(Found.KIND),
            col(Tables.ID),
            lit(DATASET).as(Tables.DATASET),
            col("first.text").as(Tables.TEXT),
            col("first.image").as(Tables.IMAGE),
            col(Found.ORDINAL),
            col("first.source").as(Tables.SOURCE))
        .javaRDD()
        .map(FoundItem::of);
  }

  @Override
  public JavaRDD<String> images() {
    Dataset<Row> usable = entries.where(col(Tables.REASON).isNull());
    return usable
        .select("query.image")
        .union(usable.select("positive.image"))
        .union(usable.select(explode(col("negatives.image"))))
        .as(Encoders.STRING())
        .javaRDD();
  }

  private static Dataset<Row> items(Dataset<Row> entries, String kind, String column) {
    return entries.select(
        lit(kind).as(Found.KIND),
        col(column + ".id").as(Tables.ID),
        col(column + ".text").as(Tables.TEXT),
        col(column + ".image").as(Tables.IMAGE),
        col(Found.ORDINAL),
        col(Tables.SOURCE));
  }

  @Override
  public JavaRDD<FoundPair> positives() {
    return FoundPair.of(entries, col("positive.id"));
  }

  @Override
  public Optional<Dataset<Row>> negatives() {
    Column negatives =
        transform(
            col(Tables.NEGATIVES),
            negative ->
                struct(
                    negative.getField(Tables.ID).as(Tables.CANDIDATE_ID),
                    negative.getField(Tables.SCORE).as(Tables.SCORE),
                    lit(null).cast(DataTypes.FloatType).as(Tables.MARGIN),
                    lit(null).cast(DataTypes.FloatType).as(Tables.SIMILARITY),
                    lit(null).cast(DataTypes.IntegerType).as(Tables.RANK)));
    return Optional.of(
        entries
            .where(col(Tables.REASON).isNull())
            .select(
                col(Found.ORDINAL),
                col("query.id").as(Tables.QUERY_ID),
                col("positive.id").as(Tables.POSITIVE_ID),
                col("positive.score").as(Tables.POSITIVE_SCORE),
                negatives.as(Tables.NEGATIVES),
                col(Tables.FILL)));
  }

  @Override
  public void close() {
    entries.unpersist();
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // Everything has been read.
    }
  }
}
