package dev.assay.job.embed;

import static dev.assay.job.workspace.Tables.CANDIDATES;
import static dev.assay.job.workspace.Tables.CANDIDATE_EMBEDDINGS;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.DETAIL;
import static dev.assay.job.workspace.Tables.EMBEDDING;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.ID;
import static dev.assay.job.workspace.Tables.QUERIES;
import static dev.assay.job.workspace.Tables.QUERY_EMBEDDINGS;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.REASON;
import static dev.assay.job.workspace.Tables.SOURCE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.assay.embed.ItemEmbedder;
import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.JobResult;
import dev.assay.job.Tally;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.inference.EmbedItems;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.store.Filled;
import dev.assay.job.store.ResultStore;
import dev.assay.job.store.StoreTable;
import dev.assay.job.store.estimate.StoreEstimate;
import dev.assay.udf.rows.RowError;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Embeds every query and candidate. Items of equal content (the same text and image bytes) are
 * embedded once, whatever their ids and tables, and never again by the same model: embeddings are
 * kept in a {@link ResultStore}. Items that cannot be used go to quarantine.
 */
public final class EmbedJob implements Job {
  private final EmbedJobOptions options;

  public EmbedJob(EmbedJobOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "embed";
  }

  @Override
  public List<String> inputs() {
    return List.of(QUERIES, CANDIDATES);
  }

  @Override
  public List<String> outputs() {
    return List.of(CANDIDATE_EMBEDDINGS, QUERY_EMBEDDINGS);
  }

  @Override
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("precision", options.compute().precision().word());
    settings.put("max-pixels", Long.toString(options.compute().maxImagePixels()));
    return settings;
  }

  @Override
  public SortedMap<String, String> sources(JobContext context) {
    return new JobModel(options.model()).sources(context, ItemEmbedder.VERSION);
  }

  @Override
  public void check(Configuration hadoop) {
    new JobModel(options.model()).check(hadoop);
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
    return new StoreEstimate(StoreTable.EMBEDDINGS, context.workspace().imageRoot(), context)
        .of(EmbedItems.wanted(queries, candidates), new EmbedItems(options), rate)
        .with("model", "%s", CostEstimate.bytes(new JobModel(options.model()).bytes(context)));
  }

  @Override
  public JobResult run(JobContext context) {
    Dataset<Row> queries = context.read(QUERIES);
    Dataset<Row> candidates = context.read(CANDIDATES);
    ResultStore store = new ResultStore(StoreTable.EMBEDDINGS, context);
    Filled filled =
        store.fill(
            EmbedItems.wanted(queries, candidates), options.slices(), new EmbedItems(options));
    long items = filled.wanted();
    quarantine(filled.failures(), queries, candidates, items, context);
    long q = write(QUERY_EMBEDDINGS, queries, QUERY_ID, filled, context);
    long c = write(CANDIDATE_EMBEDDINGS, candidates, CANDIDATE_ID, filled, context);
    store.compact();
    return result(q, c, items, filled);
  }

  private static void quarantine(
      Dataset<Row> failures,
      Dataset<Row> queries,
      Dataset<Row> candidates,
      long items,
      JobContext context) {
    Dataset<Row> bad =
        failures.select(
            col(CONTENT_HASH),
            RowError.reason(col(ERROR)).as(REASON),
            RowError.detail(col(ERROR)).as(DETAIL));
    long lost = bad.count();
    if (lost == 0) {
      return;
    }
    if (lost == items) {
      Row first = bad.first();
      throw new JobFailedException(
          String.format(
              Locale.ROOT,
              "Cannot embed: none of %,d items can be used; one of them: %s: %s",
              items,
              first.getString(1),
              first.getString(2)));
    }
    Dataset<Row> rows =
        rows(queries, QUERY_ID, bad, QUERIES)
            .union(rows(candidates, CANDIDATE_ID, bad, CANDIDATES));
    context.quarantine(rows, queries.count() + candidates.count());
  }

  private static Dataset<Row> rows(Dataset<Row> items, String id, Dataset<Row> bad, String table) {
    return items
        .join(bad, CONTENT_HASH)
        .select(col(id).as(ID), col(REASON), col(DETAIL), lit(table).as(SOURCE));
  }

  private static long write(
      String table, Dataset<Row> items, String id, Filled filled, JobContext context) {
    Tally tally = new Tally();
    context.write(table, tally.of(filled.join(items).select(id, EMBEDDING)));
    return tally.rows();
  }

  private static JobResult result(long queries, long candidates, long items, Filled filled) {
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put("queries", queries);
    counts.put("candidates", candidates);
    counts.put("items", items);
    counts.put("reused", filled.reused());
    counts.put("embedded", filled.computed());
    String summary =
        String.format(
            Locale.ROOT,
            "%,d queries and %,d candidates embedded, %,d distinct items, %s",
            queries,
            candidates,
            items,
            filled.summary("embedded", "items"));
    return new JobResult(counts, summary);
  }
}
