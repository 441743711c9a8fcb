package dev.assay.job.store;

import static dev.assay.job.store.Slicing.SLICE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.workspace.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The keys of what is missing, written once, in folders of some slices each: reading a slice
 * touches one of them.
 */
final class WorkPlan {
  /** Rows of a folder, and of a {@link Sheet}: their hashes go to every executor. */
  static final long ROWS_AT_ONCE = 1 << 17;

  private static final String FOLDER = "__assay_folder";

  private final Dataset<Row> rows;
  private final long slicesAFolder;
  private final SlicePlan slices;

  private WorkPlan(Dataset<Row> rows, long slicesAFolder, SlicePlan slices) {
    this.rows = rows;
    this.slicesAFolder = slicesAFolder;
    this.slices = slices;
  }

  /**
   * @param keys all wanted rows, signed and distinct
   * @param stored the key of what is in the store
   */
  static WorkPlan write(Dataset<Row> keys, Slicing slicing, Dataset<Row> stored, Scratch scratch) {
    Dataset<Row> all = slicing.slice(keys);
    String[] key = slicing.key().toArray(String[]::new);
    long slicesAFolder = Math.max(1, ROWS_AT_ONCE / slicing.size());
    int folders = (int) ((slicing.slices() + slicesAFolder - 1) / slicesAFolder);
    Dataset<Row> missing =
        all.join(stored, key, "left_anti")
            .withColumn(FOLDER, floor(col(SLICE).divide(slicesAFolder)).cast("int"))
            .repartitionById(folders, col(FOLDER))
            .sortWithinPartitions(FOLDER, SLICE);
    Dataset<Row> written = scratch.write(missing, FOLDER).rows();
    return new WorkPlan(written, slicesAFolder, plan(all, written, slicing));
  }

  private static SlicePlan plan(Dataset<Row> all, Dataset<Row> written, Slicing slicing) {
    Map<Integer, Long> missing = rowsOfSlices(written);
    long rows = missing.values().stream().mapToLong(Long::longValue).sum();
    Map<Integer, Long> wanted = rows == slicing.total() ? missing : rowsOfSlices(all);
    List<SlicePlan.Slice> slices = new ArrayList<>();
    wanted.forEach(
        (slice, of) ->
            slices.add(new SlicePlan.Slice(slice, of, of - missing.getOrDefault(slice, 0L))));
    return SlicePlan.of(slices, slicing.size());
  }

  private static Map<Integer, Long> rowsOfSlices(Dataset<Row> rows) {
    return rows.groupBy(SLICE).agg(count(lit(1))).collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getInt(0), row -> row.getLong(1)));
  }

  SlicePlan slices() {
    return slices;
  }

  /** The missing rows of some slices, with the column {@link Slicing#SLICE}. */
  Dataset<Row> rows(List<Integer> some) {
    Object[] folders =
        some.stream().map(slice -> (int) (slice / slicesAFolder)).distinct().toArray();
    return rows.where(col(FOLDER).isin(folders))
        .where(col(SLICE).isin(some.toArray()))
        .drop(FOLDER);
  }
}
