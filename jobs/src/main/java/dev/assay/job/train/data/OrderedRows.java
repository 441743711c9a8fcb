package dev.assay.job.train.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.shiftright;

import dev.assay.job.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Rows on disk in an order, found by their place. Each file holds consecutive rows with rising
 * numbers, so that a range of places is read from the one or two files that have it, and within
 * them by the statistics of the numbers.
 *
 * <p>The driver keeps the length of each file, and nothing for each row.
 */
final class OrderedRows {
  private static final String NUMBER = "__place";

  /** Bits of a row's number that count within its file; Spark sets the others by the partition. */
  private static final int BITS = 33;

  /** Spark writes it last. */
  private static final String DONE = "_SUCCESS";

  private final SparkSession spark;
  private final StructType columns;
  private final List<Part> parts;

  /**
   * A file.
   *
   * @param first place of its first row
   * @param rows their number
   * @param number of its first row
   */
  private record Part(Path file, long first, long rows, long number) {
    long end() {
      return first + rows;
    }
  }

  private OrderedRows(SparkSession spark, StructType columns, List<Part> parts) {
    this.spark = spark;
    this.columns = columns;
    this.parts = parts;
  }

  /** Whether a folder has all rows that {@link #write} was given. */
  static boolean in(Path folder, FileSystem files) throws IOException {
    return files.exists(new Path(folder, DONE));
  }

  /** Writes rows as they are ordered. A folder that was not finished is written anew. */
  static void write(Dataset<Row> ordered, Path folder) {
    ordered
        .withColumn(NUMBER, monotonically_increasing_id())
        .write()
        .mode("overwrite")
        .option("maxRecordsPerFile", 0)
        .parquet(folder.toString());
  }

  /**
   * Opens a folder that is complete.
   *
   * @param columns of the rows
   */
  static OrderedRows open(Path folder, FileSystem files, SparkSession spark, StructType columns)
      throws IOException {
    StructType stored = columns.add(NUMBER, "long");
    List<Row> lengths =
        spark
            .read()
            .schema(stored)
            .parquet(Workspace.literally(folder))
            .groupBy(shiftright(col(NUMBER), BITS).as("part"))
            .agg(count(lit(1)))
            .collectAsList() // one row a file
            .stream()
            .sorted(Comparator.comparingLong(row -> row.getLong(0)))
            .toList();
    FileStatus[] listed = files.listStatus(folder);
    List<Part> parts = new ArrayList<>();
    long first = 0;
    for (Row row : lengths) {
      long part = row.getLong(0);
      parts.add(new Part(file(listed, part), first, row.getLong(1), part << BITS));
      first += row.getLong(1);
    }
    return new OrderedRows(spark, stored, List.copyOf(parts));
  }

  private static Path file(FileStatus[] listed, long part) {
    String prefix = String.format(Locale.ROOT, "part-%05d-", part);
    for (FileStatus file : listed) {
      if (file.getPath().getName().startsWith(prefix)) {
        return file.getPath();
      }
    }
    throw new UncheckedIOException(
        new IOException("Cannot find a file " + prefix + "* among the ordered rows"));
  }

  /**
   * Some rows, in order. They are all in memory.
   *
   * @param from the place of the first
   * @param to the place after the last
   */
  List<Row> read(long from, long to) {
    List<Row> rows = new ArrayList<>();
    for (Part part : parts) {
      long first = Math.max(from, part.first());
      long end = Math.min(to, part.end());
      if (first < end) {
        rows.addAll(read(part, part.number() - part.first() + first, end - first));
      }
    }
    return rows;
  }

  private List<Row> read(Part part, long number, long rows) {
    int last = columns.fieldIndex(NUMBER);
    return spark
        .read()
        .schema(columns)
        .parquet(Workspace.literally(part.file()))
        .where(col(NUMBER).between(number, number + rows - 1))
        .collectAsList()
        .stream()
        .sorted(Comparator.comparingLong(row -> row.getLong(last)))
        .toList();
  }
}
