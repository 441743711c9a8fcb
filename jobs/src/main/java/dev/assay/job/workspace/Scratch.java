package dev.assay.job.workspace;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows that a job needs only while it runs, on disk beside the tables. They are removed when this
 * is closed. Those of a run that was killed are removed by the workspace's next writer.
 */
public final class Scratch implements AutoCloseable {
  private final SparkSession spark;
  private final Path folder;
  private final TableFiles files;
  private final AtomicInteger written = new AtomicInteger();

  Scratch(SparkSession spark, Path folder, TableFiles files) {
    this.spark = spark;
    this.folder = folder;
    this.files = files;
  }

  /**
   * Rows on disk.
   *
   * @param rows reads them back
   */
  public record Kept(Dataset<Row> rows, Path path) {}

  /**
   * Writes rows.
   *
   * @param folders columns by whose values the rows are divided into folders, so that reading some
   *     values does not touch the files of others; sort the rows by them
   */
  public Kept write(Dataset<Row> rows, String... folders) {
    Path path = new Path(folder, Integer.toString(written.incrementAndGet()));
    rows.write()
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        // Hashes and texts: a dictionary of them is built and then given up.
        .option("parquet.enable.dictionary", "false")
        .partitionBy(folders)
        .parquet(path.toString());
    Dataset<Row> back = spark.read().schema(rows.schema()).parquet(Workspace.literally(path));
    return new Kept(back, path);
  }

  /** Removes rows before the others. */
  public void remove(Kept kept) {
    files.discard(kept.path());
  }

  @Override
  public void close() {
    files.discard(folder);
  }
}
