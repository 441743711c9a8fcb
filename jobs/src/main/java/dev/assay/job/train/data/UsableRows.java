package dev.assay.job.train.data;

import static dev.assay.job.workspace.Tables.DETAIL;
import static dev.assay.job.workspace.Tables.ID;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.NEGATIVES;
import static dev.assay.job.workspace.Tables.POSITIVE_ID;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.REASON;
import static dev.assay.job.workspace.Tables.SOURCE;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import dev.assay.job.JobContext;
import dev.assay.job.Progress;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The rows to train on. One of which an image cannot be used goes to quarantine before the first
 * step: a file may have been damaged since it was embedded, and scores from elsewhere ({@code
 * ingest --format unime-v2}) come with images that nothing has looked at.
 */
public final class UsableRows implements AutoCloseable {
  private final Dataset<Row> all;
  private final Dataset<Row> broken;
  private final Dataset<Row> usable;

  private UsableRows(Dataset<Row> all, Dataset<Row> broken, Dataset<Row> usable) {
    this.all = all;
    this.broken = broken;
    this.usable = usable;
  }

  /**
   * Reads and checks all rows.
   *
   * @param model the checkpoint whose image processor has to take the images
   * @throws dev.assay.job.SettingsException if one cannot be what it says, see {@link MinedLists}
   * @throws dev.assay.job.JobFailedException if too many have to be set aside
   */
  public static UsableRows of(
      MinedLists lists, String model, long maxImagePixels, JobContext context) {
    Dataset<Row> all = lists.read().persist(StorageLevel.DISK_ONLY());
    Dataset<Row> images =
        all.select(
                col(QUERY_ID),
                col(POSITIVE_ID),
                explode(concat(array(col("query." + IMAGE)), col("items.item." + IMAGE))).as(IMAGE))
            .where(col(IMAGE).isNotNull());
    Dataset<Row> broken = broken(images.select(IMAGE).distinct(), model, maxImagePixels, context);
    if (broken.isEmpty()) {
      return new UsableRows(all, broken, all);
    }
    Dataset<Row> unusable =
        images
            .join(broken, IMAGE)
            .groupBy(QUERY_ID, POSITIVE_ID)
            .agg(min(struct(IMAGE, REASON, DETAIL)).as("first"));
    UsableRows rows =
        new UsableRows(
            all,
            broken,
            all.join(unusable, new String[] {QUERY_ID, POSITIVE_ID}, "left_anti")
                .persist(StorageLevel.DISK_ONLY()));
    try {
      context.quarantine(
          unusable.select(
              col(QUERY_ID).as(ID),
              col("first." + REASON),
              concat_ws(": ", col("first." + IMAGE), col("first." + DETAIL)).as(DETAIL),
              lit(NEGATIVES).as(SOURCE)),
          all.count());
      return rows;
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  /** Those of the images that cannot be used, persisted. */
  private static Dataset<Row> broken(
      Dataset<Row> images, String model, long maxImagePixels, JobContext context) {
    Configuration hadoop = context.spark().sessionState().newHadoopConf();
    int tasks = 2 * context.spark().sparkContext().defaultParallelism();
    try (Progress.Work work = context.progress().start("images", images.count())) {
      CheckImages check =
          new CheckImages(
              model,
              maxImagePixels,
              context.workspace().imageRoot(),
              new SerializableConfiguration(hadoop),
              work.counter());
      Dataset<Row> broken =
          images
              .repartition(tasks, col(IMAGE))
              .mapPartitions(check, Encoders.row(CheckImages.COLUMNS))
              .persist(StorageLevel.DISK_ONLY());
      broken.count();
      return broken;
    }
  }

  /** The rows, see {@link MinedLists#read}. */
  public Dataset<Row> usable() {
    return usable;
  }

  @Override
  public void close() {
    usable.unpersist();
    broken.unpersist();
    all.unpersist();
  }
}
