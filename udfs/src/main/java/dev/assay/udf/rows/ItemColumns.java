package dev.assay.udf.rows;

import dev.assay.item.Item;
import java.io.Serializable;
import org.apache.spark.sql.Row;

/**
 * The columns of a row that make an item.
 *
 * @param text index of the text column
 * @param image index of the image column
 * @param contentHash index of the content hash column, {@link #NONE} if there is none
 */
public record ItemColumns(int text, int image, int contentHash) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The index of a column that is not there. */
  public static final int NONE = -1;

  /**
   * Reads the item of a row.
   *
   * @throws dev.assay.item.BadItemException if it cannot be used
   * @throws java.io.UncheckedIOException if storage fails
   */
  public Item read(Row row, ItemReader reader) {
    return reader.item(
        row.isNullAt(text) ? null : row.getString(text),
        row.get(image),
        contentHash == NONE ? null : row.getString(contentHash));
  }
}
