package dev.assay.job.embed;

import static dev.assay.job.workspace.Tables.CANDIDATES;
import static dev.assay.job.workspace.Tables.CANDIDATE_EMBEDDINGS;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.DETAIL;
import static dev.assay.job.workspace.Tables.EMBEDDING;
import static dev.assay.job.workspace.Tables.ID;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.QUERIES;
import static dev.assay.job.workspace.Tables.QUERY_EMBEDDINGS;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.REASON;
import static dev.assay.job.workspace.Tables.SOURCE;
import static dev.assay.job.workspace.Tables.TEXT;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobFailedException;
import dev.assay.job.JobModel;
import dev.assay.job.JobResult;
import dev.assay.job.Progress;
import dev.assay.job.SettingsException;
import dev.assay.udf.Embedder;
import dev.assay.udf.RowError;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Embeds every query and candidate. Items of equal content (the same text and image bytes) are put
 * to the model once, whatever their names and whichever table they stand in. Items that cannot be
 * used go to quarantine and are in neither result.
 */
public final class EmbedJob implements Job {
  private static final String ERROR = "error";

  /** Small enough that a lost task costs minutes. */
  private static final int ITEMS_A_TASK = 512;

  private final EmbedJobOptions options;
  private final Embedder embedder;

  public EmbedJob(EmbedJobOptions options) {
    this(options, new Embedder().setModelUrl(options.model()));
  }

  /** For tests, with an embedder of their own. */
  EmbedJob(EmbedJobOptions options, Embedder embedder) {
    this.options = options;
    this.embedder =
        embedder
            .setInputCols(TEXT, IMAGE)
            .setOutputCol(EMBEDDING)
            .setErrorCol(ERROR)
            .setDevice(options.device())
            .setPrecision(options.precision())
            .setBatchSize(options.batchSize())
            .setMaxTokens(options.maxTokens())
            .setMaxImagePixels(options.maxImagePixels());
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
    settings.put("precision", options.precision());
    settings.put("max-pixels", Long.toString(options.maxImagePixels()));
    return settings;
  }

  @Override
  public SortedMap<String, String> sources(JobContext context) {
    return new JobModel(options.model()).sources(context);
  }

  @Override
  public void check(Configuration hadoop) {
    new JobModel(options.model()).check(hadoop);
  }

  @Override
  public JobResult run(JobContext context) {
    embedder.setImageRoot(context.workspace().imageRoot());
    checkModel(context);
    Dataset<Row> queries = context.read(QUERIES);
    Dataset<Row> candidates = context.read(CANDIDATES);
    Dataset<Row> distinct = distinct(queries, candidates);
    long start = System.nanoTime();
    long items = distinct.count();
    Dataset<Row> embedded = embed(distinct, items, context);
    try {
      double seconds = (System.nanoTime() - start) / 1e9;
      quarantine(embedded, queries, candidates, items, context);
      Dataset<Row> good = embedded.filter(col(ERROR).isNull()).select(CONTENT_HASH, EMBEDDING);
      long q = write(QUERY_EMBEDDINGS, queries, QUERY_ID, good, context);
      long c = write(CANDIDATE_EMBEDDINGS, candidates, CANDIDATE_ID, good, context);
      return result(q, c, items, seconds);
    } finally {
      embedded.unpersist();
    }
  }

  private void checkModel(JobContext context) {
    try {
      embedder.check(context.spark());
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage(), e);
    }
  }

  /** One row for each content: its hash, text and image. */
  private static Dataset<Row> distinct(Dataset<Row> queries, Dataset<Row> candidates) {
    return queries
        .select(CONTENT_HASH, TEXT, IMAGE)
        .union(candidates.select(CONTENT_HASH, TEXT, IMAGE))
        .groupBy(CONTENT_HASH)
        .agg(min(struct(col(TEXT), col(IMAGE))).as("item")) // any would do; this one is stable
        .select(col(CONTENT_HASH), col("item." + TEXT), col("item." + IMAGE));
  }

  /** Embeds now, once; what comes back reads the result from the executors' disks. */
  private Dataset<Row> embed(Dataset<Row> distinct, long items, JobContext context) {
    int tasks = JobModel.tasks(items, ITEMS_A_TASK, context);
    try (Progress.Work work = context.progress().start("items", items)) {
      Dataset<Row> embedded =
          embedder
              .withCounter(work.counter())
              .transform(distinct.repartition(tasks, col(CONTENT_HASH)))
              .drop(TEXT, IMAGE)
              .persist(StorageLevel.DISK_ONLY());
      embedded.count();
      return embedded;
    }
  }

  private static void quarantine(
      Dataset<Row> embedded,
      Dataset<Row> queries,
      Dataset<Row> candidates,
      long items,
      JobContext context) {
    Dataset<Row> bad =
        embedded
            .filter(col(ERROR).isNotNull())
            .select(
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
          "Cannot embed: none of %,d items can be used; one of them: %s: %s"
              .formatted(items, first.getString(1), first.getString(2)));
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
      String table, Dataset<Row> items, String id, Dataset<Row> good, JobContext context) {
    return context.write(table, items.join(good, CONTENT_HASH).select(id, EMBEDDING)).count();
  }

  private static JobResult result(long queries, long candidates, long items, double seconds) {
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put("queries", queries);
    counts.put("candidates", candidates);
    counts.put("items", items);
    String summary =
        String.format(
            Locale.ROOT,
            "%,d queries and %,d candidates embedded, %,d distinct items, %.1f items/s",
            queries,
            candidates,
            items,
            items / Math.max(seconds, 1e-9));
    return new JobResult(counts, summary);
  }
}
