package dev.assay.job.store;

import static dev.assay.job.store.Computation.TOGETHER;
import static dev.assay.job.workspace.Tables.ERROR;
import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import dev.assay.job.JobContext;
import dev.assay.job.Progress;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.storage.StorageLevel;

/**
 * Results by content and by the fingerprint of what computed them: nothing is computed twice.
 * Results of other models or settings stay, so that going back to them costs nothing.
 *
 * <p>The store grows slice by slice, each committed whole. The slice of a row depends on the hash
 * of what it shares with others, and not on which rows are missing. So the same rows are computed
 * together whether or not a run was killed, and the results are the same to the bit.
 *
 * <p>Failures are kept for the run that met them, and tried again by the next: there may be more
 * memory by then, or the file may be back.
 */
public final class ResultStore {
  /** If there are more, {@link #compact} rewrites them as one. */
  private static final int MOST_COMMITS = 64;

  private static final String SLICE = "__assay_slice";
  private static final String STORED = "__assay_stored";

  private final StoreTable table;
  private final JobContext context;
  private final int mostCommits;
  private final String[] key;

  public ResultStore(StoreTable table, JobContext context) {
    this(table, context, MOST_COMMITS);
  }

  ResultStore(StoreTable table, JobContext context, int mostCommits) {
    this.table = table;
    this.context = context;
    this.mostCommits = mostCommits;
    this.key = table.key().toArray(String[]::new);
  }

  /**
   * Computes what is missing, slice by slice.
   *
   * @param wanted distinct rows, with the columns of the key but its last, the fingerprint
   * @param total how many they are
   * @param sliceSize rows of a slice
   */
  public Filled fill(Dataset<Row> wanted, long total, long sliceSize, Computation computation) {
    Computation.Identified identified = computation.identify(context);
    Dataset<Row> sliced = sliced(identified.sign(wanted), total, sliceSize);
    SlicePlan plan = SlicePlan.of(slices(sliced), sliceSize);
    long missing = plan.missing();
    long start = System.nanoTime();
    List<String> commits = List.of();
    if (missing > 0) {
      Computation.Loaded loaded = identified.load();
      report(total, missing);
      start = System.nanoTime();
      commits = work(sliced, plan, loaded);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Dataset<Row> values = values().join(sliced.select(columns()), key, "left_semi");
    Dataset<Row> failures =
        context.workspace().readStaged(table.name(), commits).filter(col(ERROR).isNotNull());
    return new Filled(values, failures.drop(table.value()), total - missing, missing, seconds);
  }

  /** Rewrites many commits as one, without failures. Call it when all results were read. */
  public void compact() {
    int commits =
        context.workspace().find(table.name()).map(Manifest::commits).orElse(List.of()).size();
    if (commits > mostCommits) {
      Dataset<Row> kept = context.read(table.name()).filter(col(ERROR).isNull());
      context.replace(table.name(), kept.hint("rebalance"));
    }
  }

  /**
   * Rows that share a side are in one slice, unless they are more than a slice should have: then
   * they are spread over several.
   */
  private Dataset<Row> sliced(Dataset<Row> signed, long total, long sliceSize) {
    Column together = count(lit(1)).over(Window.partitionBy(col(TOGETHER)));
    Column part = pmod(xxhash64(columns()), ceil(together.divide(sliceSize)));
    long slices = Math.max(1, (total + sliceSize - 1) / sliceSize);
    Column slice = pmod(xxhash64(col(TOGETHER), part), lit(slices)).cast("int");
    return signed.withColumn(SLICE, slice).drop(TOGETHER);
  }

  private List<SlicePlan.Slice> slices(Dataset<Row> sliced) {
    return sliced
        .select(SLICE, key)
        .join(values().select(columns()).withColumn(STORED, lit(1)), key, "left")
        .groupBy(SLICE)
        .agg(count(lit(1)), count(col(STORED)))
        .collectAsList()
        .stream()
        .map(row -> new SlicePlan.Slice(row.getInt(0), row.getLong(1), row.getLong(2)))
        .toList();
  }

  private List<String> work(Dataset<Row> sliced, SlicePlan plan, Computation.Loaded computation) {
    List<String> commits = new ArrayList<>();
    Dataset<Row> missing =
        sliced.join(values().select(columns()), key, "left_anti").persist(StorageLevel.DISK_ONLY());
    try (Progress.Work work = context.progress().start(table.unit(), plan.missing())) {
      for (SlicePlan.Portion portion : plan.portions()) {
        Dataset<Row> slice =
            missing.filter(col(SLICE).isin(portion.slices().toArray())).drop(SLICE);
        Dataset<Row> done =
            computation.compute(slice, portion.rows(), work.counter()).hint("rebalance");
        List<String> all = context.append(table.name(), done).commits();
        commits.add(all.get(all.size() - 1));
      }
    } finally {
      missing.unpersist();
    }
    return commits;
  }

  private void report(long total, long missing) {
    if (missing < total) {
      context
          .progress()
          .say(
              String.format(
                  Locale.ROOT,
                  "%,d of %,d %s are in the store, %,d to %s",
                  total - missing,
                  total,
                  table.unit(),
                  missing,
                  table.verb()));
    }
  }

  /** All results in the store, of every model. */
  private Dataset<Row> values() {
    Dataset<Row> rows =
        context.workspace().has(table.name())
            ? context.read(table.name())
            : context
                .spark()
                .createDataFrame(List.<Row>of(), Tables.schema(table.name()).orElseThrow());
    return rows.filter(col(ERROR).isNull()).drop(ERROR);
  }

  private Column[] columns() {
    return table.key().stream().map(name -> col(name)).toArray(Column[]::new);
  }
}
