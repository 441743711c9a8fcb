package dev.assay.job.ingest.images;

import dev.assay.job.ingest.input.FoundContent;
import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The content of an item as it was read once: a row of {@code store/image_hashes}.
 *
 * @param path of the image file, fully qualified
 * @param textHash of the item's text as the tables hold it
 * @param version of the file, see {@link FileStamp}
 * @param content of text and file
 */
record FileHash(String path, String textHash, String version, FoundContent content)
    implements Serializable {

  static FileHash of(Row row) {
    return new FileHash(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        new FoundContent(row.getString(3), row.getString(4), row.getLong(5)));
  }

  Row row() {
    return RowFactory.create(
        path, textHash, version, content.hash(), content.imageHash(), content.imageBytes());
  }

  /** Equal for all that was ever known about one text with one file. */
  String key() {
    return key(path, textHash);
  }

  static String key(String path, String textHash) {
    return textHash + " " + path;
  }
}
