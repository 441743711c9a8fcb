package dev.assay.job.train.data;

import dev.assay.checkpoint.fingerprint.Fingerprint;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Where a run keeps its rows in the order of training. Only the epochs in work are kept; a run that
 * goes on finds them again.
 *
 * @param folder of the unfinished run
 * @param run identifies the rows and how they are shuffled: what another run left is not used
 * @param hold is run before something is written; throws if the workspace is another writer's
 */
public record OrderFolder(Path folder, String run, Runnable hold) {
  private static final String PREFIX = "order-";

  /**
   * Rows in an order, as an earlier call wrote them, or written now.
   *
   * @param name of this order within the run
   * @param rows for their columns
   */
  OrderedRows of(String name, Dataset<Row> rows, Supplier<Dataset<Row>> ordered) {
    Path own = new Path(folder, PREFIX + Fingerprint.of(run, name));
    try {
      FileSystem files = folder.getFileSystem(rows.sparkSession().sessionState().newHadoopConf());
      if (!OrderedRows.in(own, files)) {
        hold.run();
        removeOthers(files);
        OrderedRows.write(ordered.get(), own);
      }
      return OrderedRows.open(own, files, rows.sparkSession(), rows.schema());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep rows in " + own + ": " + e.getMessage(), e);
    }
  }

  private void removeOthers(FileSystem files) throws IOException {
    try {
      for (FileStatus child : files.listStatus(folder)) {
        if (child.getPath().getName().startsWith(PREFIX)) {
          files.delete(child.getPath(), true);
        }
      }
    } catch (FileNotFoundException e) {
      // Nothing was kept yet.
    }
  }
}
