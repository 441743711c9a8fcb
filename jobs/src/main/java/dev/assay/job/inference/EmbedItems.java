package dev.assay.job.inference;

import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.EMBEDDER;
import static dev.assay.job.workspace.Tables.EMBEDDING;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.TEXT;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.store.Computation;
import dev.assay.job.store.TokenCounts;
import dev.assay.job.store.Wanted;
import dev.assay.udf.Embedder;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * Embeds items.
 *
 * @param imageRoot folder of the items' images; empty: that of the job's workspace
 */
public record EmbedItems(EmbedJobOptions options, String imageRoot) implements Computation {
  /** Small enough that a lost task costs minutes. */
  private static final int ITEMS_A_TASK = 512;

  /** Items of the workspace that the job runs on. */
  public EmbedItems(EmbedJobOptions options) {
    this(options, "");
  }

  /** What there is to embed. */
  public static Wanted wanted(Dataset<Row> queries, Dataset<Row> candidates) {
    Dataset<Row> items =
        queries
            .select(CONTENT_HASH, TEXT, IMAGE)
            .union(candidates.select(CONTENT_HASH, TEXT, IMAGE));
    return new Wanted(
        items.select(CONTENT_HASH),
        List.of(new Wanted.Side(CONTENT_HASH, TEXT, IMAGE, contents(items))));
  }

  /**
   * The items' contents, one row for each.
   *
   * @return {@code content_hash, text, image}
   */
  public static Dataset<Row> contents(Dataset<Row> items) {
    return items
        .groupBy(CONTENT_HASH)
        .agg(min(struct(col(TEXT), col(IMAGE))).as("item")) // any would do; this one is stable
        .select(col(CONTENT_HASH), col("item." + TEXT), col("item." + IMAGE));
  }

  @Override
  public Identified identify(JobContext context) {
    Embedder embedder =
        new Embedder()
            .setModelUrl(options.model())
            .setCompute(options.compute())
            .setInputCols(TEXT, IMAGE)
            .setHashCol(CONTENT_HASH)
            .setOutputCol(EMBEDDING)
            .setErrorCol(ERROR)
            .setImageRoot(imageRoot);
    return new Ready(
        IdentifiedModel.of(embedder, context), new JobModel(options.model()).hidden(context));
  }

  private record Ready(IdentifiedModel<Embedder> embedder, int dimensions)
      implements Identified, Loaded {
    @Override
    public Dataset<Row> sign(Dataset<Row> items) {
      return items
          .withColumn(EMBEDDER, lit(embedder.fingerprint()))
          .withColumn(TOGETHER, col(CONTENT_HASH));
    }

    @Override
    public Optional<TokenCounts> tokens(Dataset<Row> signed) {
      Dataset<Row> counted = embedder.model().counting().transform(signed);
      Row mean = counted.agg(avg(col(EMBEDDING).getItem(0))).first();
      double tokens = mean.isNullAt(0) ? 0 : mean.getDouble(0);
      return Optional.of(new TokenCounts(tokens, tokens));
    }

    @Override
    public long valueBytes() {
      return (long) Float.BYTES * dimensions;
    }

    @Override
    public Loaded load() {
      embedder.load();
      return this;
    }

    @Override
    public Dataset<Row> compute(Dataset<Row> items, long rows, LongAccumulator done) {
      int tasks = embedder.tasks(rows, ITEMS_A_TASK);
      return embedder
          .model()
          .withCounter(done)
          // In order: what stands together in a batch must not vary.
          .transform(
              items.repartition(tasks, col(CONTENT_HASH)).sortWithinPartitions(CONTENT_HASH));
    }
  }
}
