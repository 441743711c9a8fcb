package dev.assay.job.train.data;

import static dev.assay.job.workspace.Tables.CANDIDATES;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.DETAIL;
import static dev.assay.job.workspace.Tables.ID;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.NEGATIVES;
import static dev.assay.job.workspace.Tables.POSITIVE_ID;
import static dev.assay.job.workspace.Tables.QUERIES;
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
import dev.assay.job.JobModel;
import dev.assay.job.PersistedRows;
import dev.assay.job.Progress;
import dev.assay.job.workspace.Manifest;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The rows to train on, which are decided once: each image is read and decoded, and the rows are
 * kept in the workspace with what is wrong with them. Later runs, and runs that go on, find them
 * there as long as tables, settings and model stay the same.
 *
 * <p>A row with an image that cannot be used goes to quarantine before the first step: a file may
 * have changed since it was ingested, and scores from elsewhere ({@code ingest --format unime-v2})
 * come with images that no job has read yet. The images of such rows are looked at again by each
 * run, because somebody may have repaired them.
 *
 * @param model the checkpoint whose image processor has to take the images
 */
public record UsableRows(String model, long maxImagePixels, JobContext context) {
  /** Raise it if the same tables would be judged otherwise, or the columns change. */
  private static final int VERSION = 1;

  private static final String ROWS = "rows";
  private static final String UNUSABLE = "unusable";

  /**
   * All rows that can be used, and the others to quarantine.
   *
   * @return rows as of {@link MinedLists#read}, from the workspace
   * @throws dev.assay.job.failure.SettingsException if the lists cannot be used, see {@link
   *     MinedLists}
   * @throws dev.assay.job.failure.JobFailedException if too many rows have to be set aside
   */
  public Dataset<Row> of(MinedLists lists) {
    Manifest.Draft wanted = draft(lists, new TreeMap<>());
    Manifest kept =
        context
            .workspace()
            .find(table())
            .filter(found -> found.matches(wanted) && isStillTrue(found))
            .orElseGet(() -> prepare(lists));
    Dataset<Row> all = context.read(table());
    if (kept.counts().get(UNUSABLE) > 0) {
      context.quarantine(
          all.where(col(REASON).isNotNull())
              .select(col(QUERY_ID).as(ID), col(REASON), col(DETAIL), lit(NEGATIVES).as(SOURCE)),
          kept.counts().get(ROWS));
    }
    return all.where(col(REASON).isNull()).drop(REASON, DETAIL);
  }

  /** Identifies the rows that {@link #of} found last. */
  public String id() {
    return context.workspace().manifest(table()).id();
  }

  /** Makes the next run look at all images again, because one of them changed meanwhile. */
  public void forget() {
    context.workspace().remove(table());
  }

  private String table() {
    return "prepared/" + context.jobName();
  }

  private Manifest.Draft draft(MinedLists lists, SortedMap<String, Long> counts) {
    SortedMap<String, String> inputs = new TreeMap<>();
    for (String table : List.of(NEGATIVES, QUERIES, CANDIDATES)) {
      inputs.put(table, context.workspace().manifest(table).id());
    }
    inputs.put("model", new JobModel(model).fingerprint(context));
    return new Manifest.Draft(
        context.jobName(),
        VERSION,
        inputs,
        new TreeMap<>(
            Map.of(
                "negatives",
                Integer.toString(lists.negatives()),
                "max-pixels",
                Long.toString(maxImagePixels))),
        counts);
  }

  /** Whether no image of an unusable row can be used by now. */
  private boolean isStillTrue(Manifest kept) {
    if (kept.counts().get(UNUSABLE) == 0) {
      return true;
    }
    try (PersistedRows persisted = PersistedRows.onDisk()) {
      Dataset<Row> set = context.read(table()).where(col(REASON).isNotNull());
      return unusable(set, persisted).count() == kept.counts().get(UNUSABLE);
    }
  }

  /** Reads and checks all rows, and keeps them. */
  private Manifest prepare(MinedLists lists) {
    try (PersistedRows persisted = PersistedRows.onDisk()) {
      Dataset<Row> all = persisted.keep(lists.read());
      Dataset<Row> unusable = persisted.keep(unusable(all, persisted));
      long number = unusable.count();
      Dataset<Row> marked =
          number == 0
              ? all.withColumn(REASON, lit(null).cast("string"))
                  .withColumn(DETAIL, lit(null).cast("string"))
              : all.join(unusable, new String[] {QUERY_ID, POSITIVE_ID}, "left");
      String commit = context.workspace().stage(table(), marked);
      SortedMap<String, Long> counts = new TreeMap<>(Map.of(ROWS, all.count(), UNUSABLE, number));
      return context.workspace().commit(table(), List.of(commit), draft(lists, counts));
    }
  }

  /** The rows that cannot be used: {@code query_id, positive_id, reason, detail}. */
  private Dataset<Row> unusable(Dataset<Row> rows, PersistedRows persisted) {
    Dataset<Row> items =
        rows.select(
                col(QUERY_ID),
                col(POSITIVE_ID),
                explode(
                        concat(
                            array(col(MinedLists.QUERY)),
                            col(MinedLists.ITEMS + "." + MinedLists.ITEM)))
                    .as(MinedLists.ITEM))
            .select(col(QUERY_ID), col(POSITIVE_ID), col(MinedLists.ITEM + ".*"))
            .where(col(IMAGE).isNotNull());
    Dataset<Row> broken = broken(items.select(IMAGE, TEXT, CONTENT_HASH).distinct(), persisted);
    return items
        .join(broken, new String[] {IMAGE, CONTENT_HASH})
        .groupBy(QUERY_ID, POSITIVE_ID)
        .agg(min(struct(IMAGE, REASON, DETAIL)).as("first"))
        .select(
            col(QUERY_ID),
            col(POSITIVE_ID),
            col("first." + REASON),
            concat_ws(": ", col("first." + IMAGE), col("first." + DETAIL)).as(DETAIL));
  }

  /** The items whose image cannot be used: columns of {@link CheckImages}. */
  private Dataset<Row> broken(Dataset<Row> items, PersistedRows persisted) {
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
}
