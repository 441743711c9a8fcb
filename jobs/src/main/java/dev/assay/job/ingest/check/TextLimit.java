package dev.assay.job.ingest.check;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.udf;

import dev.assay.job.ingest.input.Found;
import dev.assay.job.workspace.Tables;
import java.io.Serializable;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * The longest text that goes into a table. What is longer is cut, so that every job and every model
 * sees the same text, and the memory that a prompt takes has a bound: a token is a byte at least.
 *
 * @param bytes of UTF-8; no character is cut in two
 */
public record TextLimit(int bytes) implements Serializable {

  /**
   * What was cut.
   *
   * @param first where the first of them stands, or null
   */
  public record Cut(long texts, String first) {}

  /** The items with their texts as the tables have them. */
  public Dataset<Row> apply(Dataset<Row> items) {
    TextLimit carried = this;
    UDF1<String, String> cut = carried::cut;
    return items.withColumn(Tables.TEXT, udf(cut, DataTypes.StringType).apply(col(Tables.TEXT)));
  }

  /** How many of these items are cut, unusable ones left out. */
  public Cut cutOf(Dataset<Row> items) {
    Column tooLong = octet_length(col(Tables.TEXT)).gt(bytes);
    Row row =
        items
            .where(col(Tables.REASON).isNull().and(tooLong))
            .agg(count(lit(1)), min_by(col(Tables.SOURCE), col(Found.ORDINAL)))
            .first();
    return new Cut(row.getLong(0), row.getString(1));
  }

  public String summary(Cut cut) {
    return cut.texts() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "; %,d texts cut to %,d bytes, such as %s",
            cut.texts(),
            bytes,
            cut.first());
  }

  /** The beginning of a text. */
  public String cut(String text) {
    if (text == null || 3L * text.length() <= bytes) {
      return text; // a char takes three bytes at the most
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
