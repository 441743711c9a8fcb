package dev.assay.job.train.data;

import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.DETAIL;
import static dev.assay.job.workspace.Tables.ID;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.NEGATIVES;
import static dev.assay.job.workspace.Tables.POSITIVE_ID;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.REASON;
import static dev.assay.job.workspace.Tables.SOURCE;
import static dev.assay.job.workspace.Tables.TEXT;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import dev.assay.job.JobContext;
import dev.assay.job.PersistedRows;
import dev.assay.job.Progress;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The rows to train on. A row with an image that cannot be used goes to quarantine before the first
 * step: a file may have changed since it was ingested, and scores from elsewhere ({@code ingest
 * --format unime-v2}) come with images that no job has read yet.
 */
public final class UsableRows implements AutoCloseable {
  private final String model;
  private final long maxImagePixels;
  private final JobContext context;
  private final PersistedRows persisted = PersistedRows.onDisk();

  private UsableRows(String model, long maxImagePixels, JobContext context) {
    this.model = model;
    this.maxImagePixels = maxImagePixels;
    this.context = context;
  }

  /**
   * Rows whose images the model can use.
   *
   * @param model the checkpoint whose image processor has to take the images
   */
  public static UsableRows forModel(String model, long maxImagePixels, JobContext context) {
    return new UsableRows(model, maxImagePixels, context);
  }

  /**
   * Reads and checks all rows.
   *
   * @return rows as of {@link MinedLists#read}, persisted until this object is closed
   * @throws dev.assay.job.failure.SettingsException if the lists cannot be used, see {@link
   *     MinedLists}
   * @throws dev.assay.job.failure.JobFailedException if too many rows have to be set aside
   */
  public Dataset<Row> of(MinedLists lists) {
    Dataset<Row> all = persisted.keep(lists.read());
    Dataset<Row> items =
        all.select(
                col(QUERY_ID),
                col(POSITIVE_ID),
                explode(
                        concat(
                            array(col(MinedLists.QUERY)),
                            col(MinedLists.ITEMS + "." + MinedLists.ITEM)))
                    .as(MinedLists.ITEM))
            .select(col(QUERY_ID), col(POSITIVE_ID), col(MinedLists.ITEM + ".*"))
            .where(col(IMAGE).isNotNull());
    Dataset<Row> broken = broken(items.select(IMAGE, TEXT, CONTENT_HASH).distinct());
    if (broken.isEmpty()) {
      return all;
    }
    Dataset<Row> unusable =
        items
            .join(broken, new String[] {IMAGE, CONTENT_HASH})
            .groupBy(QUERY_ID, POSITIVE_ID)
            .agg(min(struct(IMAGE, REASON, DETAIL)).as("first"));
    context.quarantine(
        unusable.select(
            col(QUERY_ID).as(ID),
            col("first." + REASON),
            concat_ws(": ", col("first." + IMAGE), col("first." + DETAIL)).as(DETAIL),
            lit(NEGATIVES).as(SOURCE)),
        all.count());
    return persisted.keep(all.join(unusable, new String[] {QUERY_ID, POSITIVE_ID}, "left_anti"));
  }

  /** The items whose image cannot be used: columns of {@link CheckImages}. */
  private Dataset<Row> broken(Dataset<Row> items) {
    int tasks = 2 * context.spark().sparkContext().defaultParallelism();
    Dataset<Row> distinct = persisted.keep(items);
    try (Progress.Work work = context.progress().start("images", distinct.count())) {
      CheckImages check =
          new CheckImages(
              model,
              maxImagePixels,
              context.workspace().imageRoot(),
              new SerializableConfiguration(context.spark().sessionState().newHadoopConf()),
              work.counter());
      Dataset<Row> broken =
          persisted.keep(
              distinct
                  .repartition(tasks, col(IMAGE))
                  .sortWithinPartitions(IMAGE)
                  .mapPartitions(check, Encoders.row(CheckImages.COLUMNS)));
      broken.count(); // each image is read once, and progress is shown meanwhile
      return broken;
    }
  }

  /** Frees all rows, also where reading or checking them failed. */
  @Override
  public void close() {
    persisted.close();
  }
}
