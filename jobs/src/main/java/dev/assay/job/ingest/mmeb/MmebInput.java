package dev.assay.job.ingest.mmeb;

import static org.apache.spark.sql.functions.col;

import dev.assay.item.BadItemException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.input.ChoiceEntry;
import dev.assay.job.ingest.input.ChoiceInput;
import dev.assay.job.ingest.input.Input;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;

/**
 * Opens MMEB's Parquet files. Spark reads them file by file and row group by row group. A row is
 * known by its file and its place in it.
 */
public final class MmebInput {
  private static final String FILE = "__assay_file";
  private static final String ROW = "__assay_row";

  /** So that Spark takes {@code [1]}, {@code {a}} or {@code *} in a path for what they are. */
  private static final String GLOB_PATHS = "__globPaths__";

  /** A file of the input, as tasks know it. */
  private record KnownFile(String dataset, int file, int shard) implements Serializable {}

  private MmebInput() {}

  /**
   * Opens the files.
   *
   * @param files as {@link MmebFiles} found them
   * @param input under which they lie
   * @param partitions of the items: so many tasks read images
   * @throws SettingsException if a file has other columns
   */
  public static Input open(
      SparkSession spark, MmebRows rows, List<FileStatus> files, Path input, int partitions) {
    // Files of one input may differ in how they hold images: Spark reads each kind by itself.
    List<StructType> columns = columns(spark, rows, files);
    Map<StructType, List<Path>> kinds = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      kinds.computeIfAbsent(columns.get(i), kind -> new ArrayList<>()).add(files.get(i).getPath());
    }
    HashMap<String, KnownFile> known = known(files, input);
    MapFunction<Row, Row> toEntry = row -> entryOrReason(rows, row, known);
    Dataset<Row> entries = null;
    Dataset<Row> images = null;
    for (Map.Entry<StructType, List<Path>> kind : kinds.entrySet()) {
      Dataset<Row> read = read(spark, kind.getKey(), kind.getValue());
      Dataset<Row> these =
          read.select(
                  col("*"), col("_metadata.file_path").as(FILE), col("_metadata.row_index").as(ROW))
              .map(toEntry, Encoders.row(ChoiceEntry.SCHEMA));
      Dataset<Row> theirs = MmebColumns.images(read, rows);
      entries = entries == null ? these : entries.union(these);
      images = images == null ? theirs : images.union(theirs);
    }
    return new ChoiceInput(entries, images, rows == MmebRows.EVAL, partitions);
  }

  /** Looks into all files side by side: a remote one takes several requests. */
  private static List<StructType> columns(
      SparkSession spark, MmebRows rows, List<FileStatus> files) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    SQLConf settings = SQLConf.get(); // of this thread
    return files.parallelStream()
        .map(file -> MmebColumns.of(file.getPath(), rows, hadoop, settings))
        .toList();
  }

  private static HashMap<String, KnownFile> known(List<FileStatus> files, Path input) {
    HashMap<String, KnownFile> known = new HashMap<>();
    Map<String, Integer> shards = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i).getPath();
      String dataset = MmebFiles.dataset(file, input);
      int shard = shards.merge(dataset, 1, Integer::sum) - 1;
      known.put(file.toUri().getPath(), new KnownFile(dataset, i, shard));
    }
    return known;
  }

  private static Dataset<Row> read(SparkSession spark, StructType columns, List<Path> files) {
    String[] paths = files.stream().map(Path::toString).toArray(String[]::new);
    return spark.read().schema(columns).option(GLOB_PATHS, false).parquet(paths);
  }

  private static Row entryOrReason(MmebRows rows, Row row, Map<String, KnownFile> files) {
    Path path = new Path(URI.create(row.getAs(FILE)));
    KnownFile file = files.get(path.toUri().getPath());
    MmebRows.Place place =
        new MmebRows.Place(
            path.getName(), file.dataset(), file.file(), file.shard(), row.getAs(ROW));
    try {
      return rows.entry(row, place);
    } catch (BadItemException e) {
      return ChoiceEntry.unusable(place.ordinal(), place.source(), e.reason(), e.detail());
    }
  }
}
