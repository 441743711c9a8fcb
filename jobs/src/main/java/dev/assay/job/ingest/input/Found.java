package dev.assay.job.ingest.input;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import dev.assay.job.workspace.Tables;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of rows as found in the input: what a row says, its place, and the reason why it
 * cannot be used, if it cannot.
 */
public final class Found {
  public static final String KIND = "kind";
  public static final String QUERY = "query";
  public static final String CANDIDATE = "candidate";

  /** The reason of a row behind which the file cannot be read any further. */
  public static final String BROKEN_FILE = "broken_file";

  /** A number that puts rows into the order of the input. */
  public static final String ORDINAL = "ordinal";

  /** A query or a candidate. */
  public static final StructType ITEM =
      new StructType()
          .add(KIND, StringType)
          .add(Tables.ID, StringType)
          .add(Tables.DATASET, StringType)
          .add(Tables.TEXT, StringType)
          .add(Tables.IMAGE, StringType)
          .add(Tables.CONTENT_HASH, StringType)
          .add(ORDINAL, LongType)
          .add(Tables.SOURCE, StringType)
          .add(Tables.REASON, StringType)
          .add(Tables.DETAIL, StringType);

  /** A positive: a query's id and a candidate's. */
  public static final StructType PAIR =
      new StructType()
          .add(Tables.QUERY_ID, StringType)
          .add(Tables.CANDIDATE_ID, StringType)
          .add(ORDINAL, LongType)
          .add(Tables.SOURCE, StringType)
          .add(Tables.REASON, StringType)
          .add(Tables.DETAIL, StringType);

  private Found() {}

  /**
   * An item.
   *
   * @param hash of its content, null until the image was read
   * @param reason why it cannot be used, null if it can
   */
  public static Row item(
      String kind,
      String id,
      String dataset,
      String text,
      String image,
      String hash,
      long ordinal,
      String source,
      String reason,
      String detail) {
    return RowFactory.create(kind, id, dataset, text, image, hash, ordinal, source, reason, detail);
  }
}
