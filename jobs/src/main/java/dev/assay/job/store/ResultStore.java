package dev.assay.job.store;

import static dev.assay.job.store.Computation.TOGETHER;
import static dev.assay.job.workspace.Tables.ERROR;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import dev.assay.job.JobContext;
import dev.assay.job.Progress;
import dev.assay.job.Tally;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Scratch;
import dev.assay.job.workspace.Tables;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Results by content and by the fingerprint of what computed them: nothing is computed twice.
 * Results of other models or settings stay, so that going back to them costs nothing.
 *
 * <p>The store grows slice by slice, each committed whole. The slice of a row depends on the hash
 * of what it shares with others, and not on which rows are missing. So the same rows are computed
 * together whether or not a run was killed, and the results are the same to the bit. Several slices
 * are in work at once, and are committed in the order in which they end.
 *
 * <p>What is missing is found on keys alone ({@link WorkPlan}). Texts and images are joined for
 * some slices at a time ({@link SheetRows}).
 *
 * <p>Failures are kept for the run that met them, and tried again by the next: there may be more
 * memory by then, or the file may be back.
 */
public final class ResultStore {
  /** If there are more, {@link #compact} rewrites them as one. */
  private static final int MOST_COMMITS = 64;

  private static final String STORED = "__assay_stored";
  private static final String ROWS = "__assay_rows";

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

  /** Counts what is in the store and what is missing. Computes and writes nothing. */
  public StoreState state(Wanted wanted, Computation computation) {
    Row counts =
        signed(wanted, computation.identify(context))
            .groupBy(columns())
            .agg(count(lit(1)).as(ROWS))
            .join(stored().withColumn(STORED, lit(1)), key, "left")
            .agg(coalesce(sum(ROWS), lit(0L)), count(lit(1)), count(col(STORED)))
            .first();
    return new StoreState(counts.getLong(0), counts.getLong(1), counts.getLong(2));
  }

  /**
   * Some of the wanted rows that are not in the store, with texts and images and signed: those
   * whose shared sides have the smallest hashes. So rows that share work are in it together, and
   * another call gives the same. Nothing is computed or written.
   *
   * @param most rows; they are in memory
   */
  public Dataset<Row> sample(Wanted wanted, Computation computation, int most) {
    Dataset<Row> keys =
        wanted
            .bare(signed(wanted, computation.identify(context)))
            .distinct()
            .join(stored(), key, "left_anti")
            .orderBy(xxhash64(col(TOGETHER)), xxhash64(columns()))
            .limit(most);
    return wanted.filledFew(context.spark().createDataFrame(keys.collectAsList(), keys.schema()));
  }

  /** How many results of a computation are in the store, whatever is wanted. */
  public long results(Wanted like, Computation computation) {
    String by = key[key.length - 1];
    Dataset<Row> signed = signed(like, computation.identify(context));
    return values().join(broadcast(signed.select(by).distinct()), by).count();
  }

  /**
   * Computes what is missing, slice by slice.
   *
   * @param slices how it is divided
   */
  public Filled fill(Wanted wanted, Slices slices, Computation computation) {
    Computation.Identified identified = computation.identify(context);
    Tally distinct = new Tally();
    Dataset<Row> keys =
        context
            .scratch()
            .write(
                distinct.of(wanted.bare(identified.nearer(signed(wanted, identified))).distinct()))
            .rows();
    long total = distinct.rows();
    Slicing slicing = new Slicing(table.key(), total, slices.size());
    try (Scratch scratch = context.scratch()) {
      WorkPlan plan = WorkPlan.write(keys, slicing, stored(), scratch);
      long missing = plan.slices().missing();
      long start = System.nanoTime();
      Dataset<Row> computed = nothing();
      Costs costs = Costs.NONE;
      if (missing > 0) {
        Computation.Loaded loaded = identified.load();
        report(total, missing);
        start = System.nanoTime();
        computed = work(wanted, plan, total - missing, slices.inFlight(), loaded, scratch);
        costs = loaded.costs();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Dataset<Row> values = values();
      return new Filled(
          values.join(keys.select(columns()), key, "left_semi"),
          rows -> identified.sign(rows).drop(TOGETHER).join(values, key),
          computed.filter(col(ERROR).isNotNull()).drop(table.value()),
          total - missing,
          missing,
          seconds,
          costs);
    }
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

  private static Dataset<Row> signed(Wanted wanted, Computation.Identified identified) {
    return identified.sign(wanted.keys());
  }

  /** Computes a plan's portions, several at once. */
  private Dataset<Row> work(
      Wanted wanted,
      WorkPlan plan,
      long reused,
      int inFlight,
      Computation.Loaded computation,
      Scratch scratch) {
    List<SheetRows> sheets = sheets(wanted, plan, scratch);
    Commits commits = new Commits(context.grow(table.name()));
    long missing = plan.slices().missing();
    try (Progress.Work work =
            context.progress().start(table.unit(), 0, missing, () -> computation.costs().words());
        StateFile state = new StateFile(table, context, reused, plan.slices())) {
      PortionSteps steps = new PortionSteps(computation, commits, work.counter(), state);
      new SeveralAtOnce(context.spark().sparkContext(), "assay " + context.jobName(), inFlight)
          .run(steps.of(sheets));
    }
    return commits.rows();
  }

  /** The contents are written in one place if they are read more than once. */
  private static List<SheetRows> sheets(Wanted wanted, WorkPlan plan, Scratch scratch) {
    List<Sheet> sheets = Sheet.of(plan.slices(), WorkPlan.ROWS_AT_ONCE);
    Wanted kept =
        sheets.size() == 1 ? wanted : wanted.keeping(contents -> scratch.write(contents).rows());
    return sheets.stream().map(sheet -> new SheetRows(sheet, plan, kept, scratch)).toList();
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
        context.workspace().has(table.name()) ? context.read(table.name()) : nothing();
    return rows.filter(col(ERROR).isNull()).drop(ERROR);
  }

  private Dataset<Row> stored() {
    return values().select(columns());
  }

  private Dataset<Row> nothing() {
    return context
        .spark()
        .createDataFrame(List.<Row>of(), Tables.schema(table.name()).orElseThrow());
  }

  private Column[] columns() {
    return table.key().stream().map(name -> col(name)).toArray(Column[]::new);
  }
}
