package dev.assay.job.ingest.check;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.udf;

import dev.assay.job.workspace.Tables;
import java.io.Serializable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * The longest text that a table holds. A longer one is cut, so that all jobs and models see the
 * same text and the memory for a prompt has a bound: a token is at least one byte.
 *
 * @param bytes of UTF-8; no character is cut in two
 */
public record TextLimit(int bytes) implements Serializable {

  /** The items with texts as the tables hold them. */
  public Dataset<Row> apply(Dataset<Row> items) {
    TextLimit carried = this;
    UDF1<String, String> cut = carried::cut;
    return items.withColumn(Tables.TEXT, udf(cut, DataTypes.StringType).apply(col(Tables.TEXT)));
  }

  /** Whether a text is longer than the limit. */
  Column exceededBy(Column text) {
    return octet_length(text).gt(bytes);
  }

  /** The beginning of a text. */
  public String cut(String text) {
    if (text == null || 3L * text.length() <= bytes) {
      return text; // a char takes at most three bytes
    }
    int used = 0;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      used += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
      if (used > bytes) {
        return text.substring(0, at);
      }
      at += Character.charCount(character);
    }
    return text;
  }
}
