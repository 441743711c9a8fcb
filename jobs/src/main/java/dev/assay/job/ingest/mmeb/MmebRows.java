package dev.assay.job.ingest.mmeb;

import static org.apache.spark.sql.functions.col;

import dev.assay.item.BadItemException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.input.ChoiceEntry;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of MMEB's Parquet files as {@link ChoiceEntry}s. Spark reads them, file by file and row
 * group by row group, and a row is known by its file and its place in it.
 */
public enum MmebRows {
  /**
   * {@code TIGER-Lab/MMEB-train}: a positive, and now and then a negative. A query that stands in
   * several rows is one query with several positives.
   */
  TRAIN(
      new StructType()
          .add("qry", DataTypes.StringType)
          .add("qry_image_path", DataTypes.StringType)
          .add("pos_text", DataTypes.StringType)
          .add("pos_image_path", DataTypes.StringType)
          .add("neg_text", DataTypes.StringType)
          .add("neg_image_path", DataTypes.StringType)) {
    @Override
    Row entry(Row row, Place place) {
      String dataset = place.dataset();
      List<Row> choices = new ArrayList<>();
      choices.add(ChoiceEntry.byContent(dataset, row.getString(2), row.getString(3)));
      if (isThere(row.getString(4)) || isThere(row.getString(5))) {
        choices.add(ChoiceEntry.byContent(dataset, row.getString(4), row.getString(5)));
      }
      Row query = ChoiceEntry.byContent(dataset, row.getString(0), row.getString(1));
      return ChoiceEntry.of(place.ordinal(), place.source(), dataset, query, choices);
    }
  },

  /** {@code TIGER-Lab/MMEB-eval}: the candidates to choose from, the right one first. */
  EVAL(
      new StructType()
          .add("qry_text", DataTypes.StringType)
          .add("qry_img_path", DataTypes.StringType)
          .add("tgt_text", DataTypes.createArrayType(DataTypes.StringType))
          .add("tgt_img_path", DataTypes.createArrayType(DataTypes.StringType))) {
    @Override
    Row entry(Row row, Place place) {
      if (row.isNullAt(2) || row.isNullAt(3) || row.getList(2).size() != row.getList(3).size()) {
        throw new BadItemException(
            "broken_entry", "tgt_text and tgt_img_path are not lists of one length");
      }
      List<String> texts = row.getList(2);
      List<String> images = row.getList(3);
      if (texts.isEmpty()) {
        throw new BadItemException("broken_entry", "tgt_text is empty");
      }
      String dataset = place.dataset();
      List<Row> choices = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        choices.add(ChoiceEntry.byContent(dataset, texts.get(i), images.get(i)));
      }
      // Every row is a question of its own, even where two ask the same.
      Row query = ChoiceEntry.named(place.id(), row.getString(0), row.getString(1));
      return ChoiceEntry.of(place.ordinal(), place.source(), dataset, query, choices);
    }
  };

  private static final String FILE = "__assay_file";
  private static final String ROW = "__assay_row";

  /** The rows of a file stand together in the order of the input; no file has as many. */
  private static final int ROW_BITS = 40;

  /**
   * Where a row stands.
   *
   * @param file of the input, counted from 0
   * @param shard of the dataset, counted from 0
   */
  record Place(String name, String dataset, int file, int shard, long row) {
    long ordinal() {
      return ((long) file << ROW_BITS) + row;
    }

    String id() {
      return dataset + "/" + shard + "-" + row;
    }

    String source() {
      return dataset + "/" + name + " row " + row;
    }
  }

  /** A file of the input, by what tasks know of it. */
  private record Known(String dataset, int file, int shard) implements Serializable {}

  /** Each file has these columns of each; what follows, it may have. */
  private static final int REQUIRED = 4;

  private final StructType columns;

  MmebRows(StructType columns) {
    this.columns = columns;
  }

  /**
   * A row's entry.
   *
   * @throws BadItemException if it is none
   */
  abstract Row entry(Row row, Place place);

  /**
   * All rows of some files.
   *
   * @param files as {@link MmebFiles} found them
   * @throws SettingsException if a file has other columns
   */
  public Dataset<Row> read(SparkSession spark, List<FileStatus> files, Path input) {
    HashMap<String, Known> known = new HashMap<>();
    Map<String, Integer> shards = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i).getPath();
      checkColumns(spark, file);
      String dataset = MmebFiles.dataset(file, input);
      int shard = shards.merge(dataset, 1, Integer::sum) - 1;
      known.put(file.toUri().getPath(), new Known(dataset, i, shard));
    }
    String[] paths =
        files.stream().map(status -> status.getPath().toString()).toArray(String[]::new);
    MapFunction<Row, Row> toEntry = row -> entryOrReason(row, known);
    return spark
        .read()
        .schema(columns)
        .parquet(paths)
        .select(col("*"), col("_metadata.file_path").as(FILE), col("_metadata.row_index").as(ROW))
        .map(toEntry, Encoders.row(ChoiceEntry.SCHEMA));
  }

  private Row entryOrReason(Row row, Map<String, Known> files) {
    Path path = new Path(URI.create(row.getAs(FILE)));
    Known known = files.get(path.toUri().getPath());
    Place place =
        new Place(path.getName(), known.dataset(), known.file(), known.shard(), row.getAs(ROW));
    try {
      return entry(row, place);
    } catch (BadItemException e) {
      return ChoiceEntry.unusable(place.ordinal(), place.source(), e.reason(), e.detail());
    }
  }

  private void checkColumns(SparkSession spark, Path file) {
    StructType found = spark.read().parquet(file.toString()).schema();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.fieldNames()[i];
      boolean there = Arrays.asList(found.fieldNames()).contains(name);
      DataType wanted = columns.fields()[i].dataType();
      if (there
          ? !DataType.equalsStructurally(found.apply(name).dataType(), wanted, true)
          : i < REQUIRED) {
        throw new SettingsException(
            "Cannot ingest %s: column %s must be %s, but the file has %s"
                .formatted(file, name, wanted.catalogString(), found.catalogString()));
      }
    }
  }

  private static boolean isThere(String value) {
    return value != null && !value.isEmpty();
  }
}
