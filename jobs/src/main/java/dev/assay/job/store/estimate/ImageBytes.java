package dev.assay.job.store.estimate;

import static dev.assay.job.workspace.Tables.IMAGE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.xxhash64;

import dev.assay.item.BadItemException;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.store.Wanted;
import dev.assay.udf.rows.ItemReader;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The images of what is wanted.
 *
 * @param images how many different ones there are
 * @param bytes of all, from the mean of a few
 */
record ImageBytes(long images, double bytes) {
  private static final int SAMPLE = 64;

  /**
   * Counts images and reads a few of them.
   *
   * @param root where the images lie, see {@link ItemReader#at}
   */
  static ImageBytes of(Wanted wanted, String root, Configuration hadoop) {
    Dataset<Row> images =
        wanted.sides().stream()
            .map(side -> side.contents().select(IMAGE))
            .reduce(Dataset::union)
            .orElseThrow()
            .where(length(col(IMAGE)).gt(0))
            .distinct()
            .persist();
    try {
      long count = images.count();
      ItemReader reader = ItemReader.at(root, hadoop);
      double mean =
          images.orderBy(xxhash64(col(IMAGE))).limit(SAMPLE).collectAsList().stream()
              .mapToInt(row -> bytes(row.getString(0), reader))
              .average()
              .orElse(0);
      return new ImageBytes(count, count * mean);
    } finally {
      images.unpersist();
    }
  }

  private static int bytes(String image, ItemReader reader) {
    try {
      return reader.item("", image).image().bytes().length;
    } catch (BadItemException e) {
      return 0; // the job sets its item aside
    }
  }

  /** Adds them to an estimate. Rows that are in the store need theirs no more. */
  CostEstimate in(CostEstimate estimate) {
    return images == 0
        ? estimate
        : estimate.with("images", "at most %,d of %s", images, CostEstimate.bytes(bytes));
  }
}
