package dev.assay.job.judge;

import static dev.assay.job.workspace.Tables.CANDIDATES;
import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.DETAIL;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.ID;
import static dev.assay.job.workspace.Tables.IS_POSITIVE;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.PAIR_STORE;
import static dev.assay.job.workspace.Tables.POSITIVES;
import static dev.assay.job.workspace.Tables.QUERIES;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.REASON;
import static dev.assay.job.workspace.Tables.RETRIEVED;
import static dev.assay.job.workspace.Tables.SCORE;
import static dev.assay.job.workspace.Tables.SCORED;
import static dev.assay.job.workspace.Tables.SOURCE;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.JobResult;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.inference.JudgePairs;
import dev.assay.job.inference.PairTable;
import dev.assay.job.store.Computation;
import dev.assay.job.store.Filled;
import dev.assay.job.store.ResultStore;
import dev.assay.job.store.StoreTable;
import dev.assay.job.store.estimate.StoreEstimate;
import dev.assay.judge.PairJudge;
import dev.assay.udf.rows.RowError;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores every retrieved pair and every positive pair with the judge. Pairs of equal contents are
 * judged once, whatever their ids, and never again by the same judge: margins are kept in a {@link
 * ResultStore}. {@code score = sigmoid(margin)}, computed in double precision. A pair that cannot
 * be judged goes to quarantine, under {@code QUERY_ID CANDIDATE_ID}.
 */
public final class JudgeJob implements Job {
  private static final String PAIRS = "pairs";

  private final JudgeJobOptions options;
  private final Computation judging;

  public JudgeJob(JudgeJobOptions options) {
    this(options, new JudgePairs(options));
  }

  /** Judges pairs with another computation. */
  JudgeJob(JudgeJobOptions options, Computation judging) {
    this.options = options;
    this.judging = judging;
  }

  @Override
  public String name() {
    return "judge";
  }

  @Override
  public List<String> inputs() {
    return List.of(QUERIES, CANDIDATES, POSITIVES, RETRIEVED);
  }

  @Override
  public List<String> outputs() {
    return List.of(SCORED);
  }

  @Override
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("order", options.order().word());
    settings.put("instruction", options.instruction());
    settings.put("precision", options.compute().precision().word());
    settings.put("max-pixels", Long.toString(options.compute().maxImagePixels()));
    return settings;
  }

  @Override
  public SortedMap<String, String> sources(JobContext context) {
    return new JobModel(options.model()).sources(context, PairJudge.VERSION);
  }

  @Override
  public void check(Configuration hadoop) {
    new JobModel(options.model()).checkWithHead(hadoop);
  }

  /** 2: control tokens in texts are plain characters; a changed image is set aside. */
  @Override
  public int version() {
    return 2;
  }

  @Override
  public CostEstimate estimate(JobContext context, OptionalDouble rate) {
    Dataset<Row> queries = context.read(QUERIES);
    Dataset<Row> candidates = context.read(CANDIDATES);
    Dataset<Row> named =
        PairTable.named(context.read(RETRIEVED), context.read(POSITIVES), queries, candidates);
    return new StoreEstimate(StoreTable.SCORES, context.workspace().imageRoot(), context)
        .of(PairTable.wanted(named, queries, candidates), judging, rate)
        .with("model", "%s", CostEstimate.bytes(new JobModel(options.model()).bytes(context)));
  }

  @Override
  public JobResult run(JobContext context) {
    Dataset<Row> queries = context.read(QUERIES);
    Dataset<Row> candidates = context.read(CANDIDATES);
    Dataset<Row> retrieved = context.read(RETRIEVED);
    Dataset<Row> named = named(context, retrieved, queries, candidates);
    ResultStore store = new ResultStore(StoreTable.SCORES, context);
    Filled filled =
        store.fill(PairTable.wanted(named, queries, candidates), options.slices(), judging);
    long distinct = filled.wanted();
    if (distinct == 0) {
      throw new JobFailedException(
          "Cannot judge: there are no pairs; does any query have a positive?");
    }
    Dataset<Row> rows = filled.join(named);
    Dataset<Row> scored = context.write(SCORED, rows.withColumn(SCORE, sigmoid(col(MARGIN))));
    if (!filled.failures().isEmpty()) {
      String[] contents = {QUERY_HASH, CANDIDATE_HASH};
      quarantine(named.join(filled.failures(), contents), named.count(), context);
    }
    store.compact();
    return result(scored, retrieved, distinct, filled);
  }

  /**
   * The pairs under names and contents. Those that a killed run of this very job found are read.
   */
  private static Dataset<Row> named(
      JobContext context, Dataset<Row> retrieved, Dataset<Row> queries, Dataset<Row> candidates) {
    context.removeAtEnd(PAIR_STORE);
    if (!context.isOwn(PAIR_STORE)) {
      context.replace(
          PAIR_STORE, PairTable.named(retrieved, context.read(POSITIVES), queries, candidates));
    }
    return context.read(PAIR_STORE);
  }

  /** {@code 1 / (1 + exp(-margin))}, in double precision; never NaN. */
  static Column sigmoid(Column margin) {
    Column x = margin.cast("double");
    return lit(1).divide(lit(1).plus(exp(x.multiply(-1)))).cast("float");
  }

  private static void quarantine(Dataset<Row> failed, long pairs, JobContext context) {
    context.quarantine(
        failed.select(
            concat_ws(" ", col(QUERY_ID), col(CANDIDATE_ID)).as(ID),
            RowError.reason(col(ERROR)).as(REASON),
            RowError.detail(col(ERROR)).as(DETAIL),
            when(col(IS_POSITIVE), lit(POSITIVES)).otherwise(lit(RETRIEVED)).as(SOURCE)),
        pairs);
  }

  private static JobResult result(
      Dataset<Row> scored, Dataset<Row> retrieved, long distinct, Filled filled) {
    Row totals =
        scored
            .groupBy(QUERY_ID)
            .agg(count(lit(1)).as(PAIRS), count_if(col(IS_POSITIVE)).as(POSITIVES))
            .join(retrieved.select(QUERY_ID).distinct(), new String[] {QUERY_ID}, "full_outer")
            .agg(
                coalesce(sum(PAIRS), lit(0L)),
                coalesce(sum(POSITIVES), lit(0L)),
                count(PAIRS),
                count_if(col(PAIRS).isNull()))
            .first();
    if (totals.getLong(0) == 0) {
      throw new JobFailedException(
          String.format(
              Locale.ROOT,
              "Cannot judge: none of %,d pairs could be judged; see table quarantine",
              distinct));
    }
    long without = totals.getLong(3);
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put(PAIRS, totals.getLong(0));
    counts.put("positives", totals.getLong(1));
    counts.put("queries", totals.getLong(2));
    counts.put("distinct_pairs", distinct);
    counts.put("reused", filled.reused());
    counts.put("judged", filled.computed());
    counts.put("queries_not_judged", without);
    counts.putAll(filled.costs().counts());
    String summary =
        String.format(
            Locale.ROOT,
            "%,d pairs of %,d queries scored (%,d positive; %,d distinct), %s%s",
            totals.getLong(0),
            totals.getLong(2),
            totals.getLong(1),
            distinct,
            filled.summary("judged", "pairs"),
            without == 0 ? "" : String.format(Locale.ROOT, ", %,d queries not judged", without));
    return new JobResult(counts, summary);
  }
}
