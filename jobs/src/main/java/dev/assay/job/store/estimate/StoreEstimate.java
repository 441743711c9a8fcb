package dev.assay.job.store.estimate;

import static dev.assay.job.store.Computation.TOGETHER;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import dev.assay.job.JobContext;
import dev.assay.job.estimate.Calibration;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.store.Computation;
import dev.assay.job.store.ResultStore;
import dev.assay.job.store.StoreState;
import dev.assay.job.store.StoreTable;
import dev.assay.job.store.TokenCounts;
import dev.assay.job.store.Wanted;
import java.util.Locale;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * What filling a {@link ResultStore} would cost. Nothing is written.
 *
 * <p>Tokens and rate come from a sample of the missing rows: those whose shared sides have the
 * smallest hashes, so that rows which share work are in it together, and another call draws the
 * same. The model warms up on a few of them. Then it computes some, and four times as many, until
 * that takes long enough to give a rate. The results are dropped.
 */
public final class StoreEstimate {
  private static final int SAMPLE = 512;
  private static final int WARM_UP = 8;
  private static final int FIRST_ROUND = 32;

  private final StoreTable table;
  private final String imageRoot;
  private final JobContext context;

  /**
   * @param imageRoot folder of the images
   */
  public StoreEstimate(StoreTable table, String imageRoot, JobContext context) {
    this.table = table;
    this.imageRoot = imageRoot;
    this.context = context;
  }

  /**
   * Estimates a {@link ResultStore#fill}.
   *
   * @param wanted as there
   * @param rate rows a second; empty: it is measured
   */
  public CostEstimate of(Wanted wanted, Computation computation, OptionalDouble rate) {
    ResultStore store = new ResultStore(table, context);
    StoreState state = store.state(wanted, computation);
    CostEstimate estimate =
        CostEstimate.UNKNOWN
            .with(
                table.unit(),
                "%,d (%,d distinct), %,d in the store, %,d to %s",
                state.rows(),
                state.distinct(),
                state.stored(),
                state.missing(),
                table.verb())
            .taking(0);
    return state.missing() == 0
        ? estimate
        : cost(estimate, wanted, computation, state.missing(), rate);
  }

  /**
   * Estimates a fill of which it is not known yet what is wanted.
   *
   * @param most rows, of which some may be in the store
   * @param examples rows like them
   * @param rate rows a second; empty: it is measured on the examples
   */
  public CostEstimate ofAtMost(
      long most, Wanted examples, Computation computation, OptionalDouble rate) {
    CostEstimate estimate =
        CostEstimate.UNKNOWN
            .with(
                table.unit(),
                "at most %,d to %s; the store has %,d by this model",
                most,
                table.verb(),
                new ResultStore(table, context).results(examples, computation))
            .taking(0);
    return most == 0 ? estimate : cost(estimate, examples, computation, most, rate);
  }

  private CostEstimate cost(
      CostEstimate before, Wanted like, Computation computation, long count, OptionalDouble rate) {
    Dataset<Row> sample =
        new ResultStore(table, context).sample(like, computation, SAMPLE).persist();
    Configuration hadoop = context.spark().sparkContext().hadoopConfiguration();
    try {
      CostEstimate estimate = ImageBytes.of(like, imageRoot, hadoop).in(before);
      return cost(estimate, computation.identify(context), sample, count, rate);
    } finally {
      sample.unpersist();
    }
  }

  private Dataset<Row> inOrder(Dataset<Row> rows) {
    return rows.orderBy(xxhash64(col(TOGETHER)), xxhash64(key()));
  }

  private CostEstimate cost(
      CostEstimate before,
      Computation.Identified identified,
      Dataset<Row> sample,
      long count,
      OptionalDouble given) {
    long drawn = sample.count();
    CostEstimate estimate =
        identified
            .tokens(sample)
            .map(tokens -> withTokens(before, tokens, count, drawn))
            .orElse(before);
    double rate = given.isPresent() ? given.getAsDouble() : measured(identified.load(), sample);
    return estimate
        .at(
            rate,
            count,
            table.unit(),
            given.isPresent() ? "as given" : "measured here on such a sample")
        .with("to store", "%s before compression", CostEstimate.bytes(stored(identified, count)));
  }

  private CostEstimate withTokens(
      CostEstimate estimate, TokenCounts tokens, long count, long drawn) {
    return estimate.with(
        "tokens",
        "%,.0f (%.1f each), %,.0f without sharing (%.1f each); from the %,d %s of %,d whose shared"
            + " sides have the smallest hashes",
        tokens.run() * count,
        tokens.run(),
        tokens.alone() * count,
        tokens.alone(),
        drawn,
        table.unit(),
        count);
  }

  /** Hexadecimal hashes, and a value. */
  private double stored(Computation.Identified identified, long count) {
    int hashes = 64 * (table.key().size() - 1) + 16;
    return (double) count * (hashes + identified.valueBytes());
  }

  private double measured(Computation.Loaded loaded, Dataset<Row> sample) {
    long available = sample.count();
    compute(loaded, sample, Math.min(WARM_UP, available));
    return Calibration.rate(
        FIRST_ROUND,
        available,
        rows -> {
          compute(loaded, sample, rows);
          return rows;
        },
        (rows, seconds) ->
            context
                .progress()
                .say(String.format(Locale.ROOT, "%,d %s in %.1f s", rows, table.unit(), seconds)));
  }

  /** Computes the first rows of a sample, and drops the results. */
  private void compute(Computation.Loaded loaded, Dataset<Row> sample, long rows) {
    LongAccumulator done = context.spark().sparkContext().longAccumulator();
    Dataset<Row> first = inOrder(sample).limit((int) rows);
    loaded.compute(first, rows, done).write().format("noop").mode("overwrite").save();
  }

  private Column[] key() {
    return table.key().stream().map(name -> col(name)).toArray(Column[]::new);
  }
}
