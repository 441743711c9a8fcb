package dev.assay.job.ingest.input;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import dev.assay.job.workspace.Tables;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A row of a format that offers candidates with each query: a query and its choices. The first
 * choice is right. Candidates have no ids in the input; they get one from dataset and content, so
 * that equal candidates are one.
 */
public final class ChoiceEntry {
  public static final String CHOICES = "choices";

  private static final StructType ITEM =
      new StructType()
          .add(Tables.ID, StringType)
          .add(Tables.TEXT, StringType)
          .add(Tables.IMAGE, StringType);

  /** Query and choices are null where {@code reason} is not. */
  public static final StructType SCHEMA =
      new StructType()
          .add(Found.ORDINAL, LongType)
          .add(Tables.SOURCE, StringType)
          .add(Tables.DATASET, StringType)
          .add(Found.QUERY, ITEM)
          .add(CHOICES, DataTypes.createArrayType(ITEM))
          .add(Tables.REASON, StringType)
          .add(Tables.DETAIL, StringType);

  private ChoiceEntry() {}

  /**
   * @param query an item
   * @param choices items, the right one first; not empty
   */
  public static Row of(long ordinal, String source, String dataset, Row query, List<Row> choices) {
    return RowFactory.create(ordinal, source, dataset, query, choices.toArray(), null, null);
  }

  public static Row unusable(long ordinal, String source, String reason, String detail) {
    return RowFactory.create(ordinal, source, null, null, null, reason, detail);
  }

  /** An item with an id of the format. Null and empty both mean that there is no text or image. */
  public static Row named(String id, String text, String image) {
    String path = image == null || image.isEmpty() ? null : image;
    return RowFactory.create(id, ContentId.text(text, path), path);
  }

  /** An item of a dataset with an id from its content. */
  public static Row byContent(String dataset, String text, String image) {
    Row item = named(null, text, image);
    String id = dataset + "/" + ContentId.of(item.getString(1), item.getString(2));
    return RowFactory.create(id, item.get(1), item.get(2));
  }
}
