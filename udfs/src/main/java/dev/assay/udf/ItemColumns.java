package dev.assay.udf;

import dev.assay.item.Item;
import java.io.Serializable;
import org.apache.spark.sql.Row;

/**
 * Where an item stands in a row.
 *
 * @param text index of the text column
 * @param image index of the image column
 */
record ItemColumns(int text, int image) implements Serializable {
  Item read(Row row, ItemReader reader) {
    return reader.item(row.isNullAt(text) ? null : row.getString(text), row.get(image));
  }
}
