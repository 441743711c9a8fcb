package dev.assay.job.inference;

import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.EMBEDDER;
import static dev.assay.job.workspace.Tables.EMBEDDING;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.TEXT;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.store.Computation;
import dev.assay.udf.Embedder;
import dev.assay.udf.ModelIdentity;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/** Puts items to the embedder. */
public final class EmbedItems implements Computation {
  /** Small enough that a lost task costs minutes. */
  private static final int ITEMS_A_TASK = 512;

  private final Embedder embedder;
  private ModelIdentity identity;

  /** Of the workspace that the job runs on. */
  public EmbedItems(EmbedJobOptions options) {
    this(options, "");
  }

  /**
   * Of any workspace.
   *
   * @param imageRoot folder of the items' images; empty: that of the job's workspace
   */
  public EmbedItems(EmbedJobOptions options, String imageRoot) {
    embedder =
        new Embedder()
            .setModelUrl(options.model())
            .setInputCols(TEXT, IMAGE)
            .setOutputCol(EMBEDDING)
            .setErrorCol(ERROR)
            .setImageRoot(imageRoot)
            .setDevice(options.device())
            .setPrecision(options.precision())
            .setBatchSize(options.batchSize())
            .setMaxTokens(options.maxTokens())
            .setMaxImagePixels(options.maxImagePixels());
  }

  /**
   * What there is to embed: one row for each content.
   *
   * @return {@code content_hash, text, image}
   */
  public static Dataset<Row> contents(Dataset<Row> queries, Dataset<Row> candidates) {
    return queries
        .select(CONTENT_HASH, TEXT, IMAGE)
        .union(candidates.select(CONTENT_HASH, TEXT, IMAGE))
        .groupBy(CONTENT_HASH)
        .agg(min(struct(col(TEXT), col(IMAGE))).as("item")) // any would do; this one is stable
        .select(col(CONTENT_HASH), col("item." + TEXT), col("item." + IMAGE));
  }

  @Override
  public Dataset<Row> sign(Dataset<Row> items, JobContext context) {
    identity = JobModel.identify(embedder, context);
    return items
        .withColumn(EMBEDDER, lit(identity.fingerprints().get(0)))
        .withColumn(TOGETHER, col(CONTENT_HASH));
  }

  @Override
  public void check(JobContext context) {
    JobModel.load(embedder, identity, context);
  }

  @Override
  public Dataset<Row> compute(
      Dataset<Row> items, long rows, LongAccumulator done, JobContext context) {
    int tasks = JobModel.tasks(rows, ITEMS_A_TASK, context);
    return embedder
        .withCounter(done)
        // In order: what stands together in a batch must not vary.
        .transform(items.repartition(tasks, col(CONTENT_HASH)).sortWithinPartitions(CONTENT_HASH));
  }
}
