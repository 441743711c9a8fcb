package dev.assay.job.ingest.input;

import java.io.Serializable;
import org.apache.spark.sql.Row;

/**
 * A query or a candidate as found in the input.
 *
 * @param kind {@link Found#QUERY} or {@link Found#CANDIDATE}
 * @param content null until the image was read
 * @param ordinal puts items of one kind into the order of the input
 * @param source its place in the input, in words
 * @param reason why it cannot be used, null if it can
 * @param detail more about the reason
 */
public record FoundItem(
    String kind,
    String id,
    String dataset,
    String text,
    String image,
    FoundContent content,
    long ordinal,
    String source,
    String reason,
    String detail)
    implements Serializable {

  /** An item whose content is not hashed yet. */
  public static FoundItem of(
      String kind,
      String id,
      String dataset,
      String text,
      String image,
      long ordinal,
      String source) {
    return new FoundItem(kind, id, dataset, text, image, null, ordinal, source, null, null);
  }

  /** Reads the columns kind, id, dataset, text, image, ordinal and source of a row. */
  public static FoundItem of(Row row) {
    return of(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getLong(5),
        row.getString(6));
  }

  public boolean usable() {
    return reason == null;
  }

  /** The hash of its content, null until the image was read. */
  public String hash() {
    return content == null ? null : content.hash();
  }

  public FoundItem withContent(FoundContent known) {
    return new FoundItem(kind, id, dataset, text, image, known, ordinal, source, reason, detail);
  }

  /** The same item with a reason why it cannot be used. */
  public FoundItem refused(String why, String more) {
    return new FoundItem(kind, id, dataset, text, image, content, ordinal, source, why, more);
  }
}
