package dev.assay.job.ingest.sugarcrepe;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.input.BrokenFile;
import dev.assay.job.ingest.input.ChoiceEntry;
import dev.assay.job.ingest.input.ChoiceInput;
import dev.assay.job.ingest.input.Compression;
import dev.assay.job.ingest.input.Input;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/** SugarCrepe's seven files, any of which may be missing. One task reads one file. */
public final class SugarcrepeFiles {
  static final List<String> NAMES =
      List.of(
          "add_att.json",
          "add_obj.json",
          "replace_att.json",
          "replace_obj.json",
          "replace_rel.json",
          "swap_att.json",
          "swap_obj.json");

  private SugarcrepeFiles() {}

  /**
   * Those of the files that a folder has.
   *
   * @throws SettingsException if it has none
   */
  public static List<FileStatus> find(FileSystem fileSystem, Path folder) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    for (String name : NAMES) {
      Path file = new Path(folder, name);
      if (fileSystem.exists(file)) {
        files.add(fileSystem.getFileStatus(file));
      }
    }
    if (files.isEmpty()) {
      throw new SettingsException(
          "Cannot ingest " + folder + ": none of " + String.join(", ", NAMES) + " is there");
    }
    return files;
  }

  /**
   * Opens the files.
   *
   * @param partitions of the items: so many tasks read images
   * @throws JobFailedException if a file is not a JSON object from beginning to end
   */
  public static Input open(
      SparkSession spark,
      List<FileStatus> files,
      int partitions,
      Broadcast<SerializableConfiguration> hadoop) {
    List<Tuple2<String, Integer>> places = new ArrayList<>();
    for (FileStatus file : files) {
      places.add(new Tuple2<>(file.getPath().toString(), places.size()));
    }
    JavaRDD<Row> rows =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(places, places.size())
            .flatMap(
                place -> {
                  Path path = new Path(place._1());
                  InputStream in = Compression.text(path, hadoop.value().value());
                  SugarcrepeReader reader = new SugarcrepeReader(path.getName(), place._2(), in);
                  TaskCompletionListener close = task -> closeQuietly(reader);
                  TaskContext.get().addTaskCompletionListener(close);
                  return reader;
                });
    Dataset<Row> entries = spark.createDataFrame(rows, ChoiceEntry.SCHEMA);
    BrokenFile.refuse(entries);
    // A caption has no image.
    return new ChoiceInput(entries, entries.select("query.image"), true, partitions);
  }

  private static void closeQuietly(SugarcrepeReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      // Everything has been read.
    }
  }
}
