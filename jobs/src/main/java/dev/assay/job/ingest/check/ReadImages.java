package dev.assay.job.ingest.check;

import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.workspace.Tables;
import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads the image of each item once and gives the item its content hash, or the reason why it has
 * none. A storage error passes through and fails the task, so that Spark runs it again.
 */
public final class ReadImages implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String imageRoot;
  private final TextLimit limit;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * @param limit of the texts in the tables
   */
  public ReadImages(
      String imageRoot, TextLimit limit, Broadcast<SerializableConfiguration> hadoop) {
    this.imageRoot = imageRoot;
    this.limit = limit;
    this.hadoop = hadoop;
  }

  /**
   * Rows of {@link Found#ITEM} to rows of the same.
   *
   * @param done counts them
   */
  public MapPartitionsFunction<Row, Row> counting(LongAccumulator done) {
    return rows -> {
      ImageFolder images = ImageFolder.at(imageRoot, hadoop.value().value());
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public Row next() {
          Row checked = check(rows.next(), images);
          done.add(1);
          return checked;
        }
      };
    };
  }

  private Row check(Row row, ImageFolder images) {
    if (row.getAs(Tables.REASON) != null) {
      return row;
    }
    String text = row.getAs(Tables.TEXT);
    String image = row.getAs(Tables.IMAGE);
    String hash = null;
    String reason = null;
    String detail = null;
    try {
      hash = ItemCheck.contentHash(text, image, limit, images);
    } catch (BadItemException e) {
      reason = e.reason();
      detail = e.detail();
    }
    return Found.item(
        row.getAs(Found.KIND),
        row.getAs(Tables.ID),
        row.getAs(Tables.DATASET),
        text,
        image,
        hash,
        row.getAs(Found.ORDINAL),
        row.getAs(Tables.SOURCE),
        reason,
        detail);
  }
}
