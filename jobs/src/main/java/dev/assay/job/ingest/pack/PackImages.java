package dev.assay.job.ingest.pack;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.JobContext;
import dev.assay.job.Progress;
import dev.assay.job.ingest.check.FoundRows;
import dev.assay.job.ingest.images.SomePartitions;
import dev.assay.job.workspace.GrowingTable;
import dev.assay.job.workspace.Tables;
import dev.assay.pack.PackedImage;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Copies images into packs, each distinct content once. A content that lies in a pack already is
 * not copied again. Packs hold contents in the order of their items' hashes, which is the order in
 * which jobs compute, so that a task reads a few packs from front to back.
 *
 * <p>What is packed is remembered after every few packs, so that a killed run continues there.
 *
 * @param wanted whether images are packed
 * @param packBytes the size of a pack, about
 */
public record PackImages(boolean wanted, long packBytes) {
  private static final int PACKS_A_CORE = 4;
  private static final String[] BY_IMAGE = {Tables.IMAGE_HASH};

  /** The images of items as files of a folder. */
  public static final PackImages NO = new PackImages(false, 1);

  /**
   * Makes sure that the images of some items are packed.
   *
   * @param items rows as {@link FoundRows#items} makes them
   * @param again whether packs that are there already are not used
   * @return how many images were packed now
   */
  public long pack(
      List<Dataset<Row>> items,
      boolean again,
      String imageRoot,
      Broadcast<SerializableConfiguration> hadoop,
      JobContext context) {
    PackIndex index = new PackIndex(context);
    if (again) {
      index.forget();
    }
    Dataset<Row> missing =
        items.stream()
            .map(PackImages::images)
            .reduce(Dataset::union)
            .orElseThrow()
            .groupBy(Tables.IMAGE_HASH)
            .agg(
                min(struct(Tables.CONTENT_HASH, Tables.IMAGE)).as("first"),
                min(Tables.IMAGE_BYTES).as(Tables.IMAGE_BYTES))
            .join(index.rows(), BY_IMAGE, "left_anti");
    Row size = missing.agg(count(lit(1)), sum(Tables.IMAGE_BYTES)).first();
    long images = size.getLong(0);
    if (images > 0) {
      int packs = Math.toIntExact((size.getLong(1) + packBytes - 1) / packBytes);
      try (Progress.Work work = context.progress().start("images to pack", images)) {
        String folder = context.workspace().packs().toString();
        write(missing, packs, new PackWriter(folder, imageRoot, hadoop, work.counter()), context);
      }
    }
    return images;
  }

  private static Dataset<Row> images(Dataset<Row> items) {
    return items
        .where(col(Tables.IMAGE_HASH).isNotNull())
        .select(Tables.IMAGE_HASH, Tables.CONTENT_HASH, Tables.IMAGE, Tables.IMAGE_BYTES);
  }

  private static void write(Dataset<Row> images, int packs, PackWriter writer, JobContext context) {
    JavaRDD<Row> written =
        images
            .select("first.content_hash", Tables.IMAGE_HASH, "first.image")
            .javaRDD()
            .mapToPair(
                row ->
                    new Tuple2<>(
                        row.getString(0),
                        new PackWriter.Source(row.getString(1), row.getString(2))))
            .repartitionAndSortWithinPartitions(new ByHash(packs))
            .values()
            .mapPartitions(writer::write);
    GrowingTable table = context.grow(Tables.PACKED_IMAGES);
    int step = PACKS_A_CORE * context.spark().sparkContext().defaultParallelism();
    for (int from = 0; from < packs; from += step) {
      JavaRDD<Row> some = SomePartitions.of(written, from, from + step);
      table.add(
          table.stage(
              context
                  .spark()
                  .createDataFrame(some, Tables.schema(Tables.PACKED_IMAGES).orElseThrow())));
    }
  }

  /** Items with the places of their images, once {@link #pack} has run; else unchanged. */
  public Dataset<Row> placed(Dataset<Row> items, JobContext context) {
    if (!wanted) {
      return items;
    }
    Column name =
        coalesce(
            col(FoundRows.IMAGE_NAME), concat_ws(".", col(Tables.IMAGE_HASH), col("extension")));
    Column place =
        when(col("pack").isNull(), raise_error(lit("an image was not packed")).cast("string"))
            .otherwise(
                format_string(PackedImage.FORMAT, col("pack"), col("offset"), col("length"), name));
    Dataset<Row> packed =
        items
            .where(col(Tables.IMAGE_HASH).isNotNull())
            .join(new PackIndex(context).rows(), BY_IMAGE, "left_outer")
            .withColumn(Tables.IMAGE, place)
            .select(Arrays.stream(items.columns()).map(c -> col(c)).toArray(Column[]::new));
    return items.where(col(Tables.IMAGE_HASH).isNull()).union(packed);
  }

  /** Removes the packs that no row names, neither of the workspace's tables nor of these. */
  public static void removeUnused(List<Dataset<Row>> written, JobContext context) {
    new PackIndex(context).removeUnused(written);
  }
}
