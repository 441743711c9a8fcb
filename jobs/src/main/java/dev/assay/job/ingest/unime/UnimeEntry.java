package dev.assay.job.ingest.unime;

import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.item.BadItemException;
import dev.assay.job.ingest.input.ContentId;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.JsonRow;
import dev.assay.job.workspace.Tables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * One entry of the authors' list: a query, its positive, and its hard negatives with their scores.
 * Items have no ids in the list; they get a {@link ContentId}.
 */
final class UnimeEntry {
  private static final StructType ITEM =
      new StructType()
          .add(Tables.ID, StringType)
          .add(Tables.TEXT, StringType)
          .add(Tables.IMAGE, StringType)
          .add(Tables.SCORE, FloatType);

  static final String POSITIVE = "positive";

  /** Columns of an entry as a row; items are null where {@code reason} is not. */
  static final StructType SCHEMA =
      new StructType()
          .add(Found.ORDINAL, LongType)
          .add(Tables.SOURCE, StringType)
          .add(Found.QUERY, ITEM)
          .add(POSITIVE, ITEM)
          .add(Tables.NEGATIVES, DataTypes.createArrayType(ITEM))
          .add(Tables.FILL, StringType)
          .add(Tables.REASON, StringType)
          .add(Tables.DETAIL, StringType);

  private UnimeEntry() {}

  static Row row(JsonNode node, long ordinal, String source) {
    try {
      JsonNode entry = JsonRow.of(node).object();
      Row query = item(entry.path("query_text"), entry.path("query_image"), null);
      Float positiveScore = score(entry.path("query_pos_scores"));
      Row positive = item(entry.path("pos_text"), entry.path("pos_image"), positiveScore);
      List<Row> negatives = negatives(entry);
      return RowFactory.create(
          ordinal, source, query, positive, negatives.toArray(), fill(negatives), null, null);
    } catch (BadItemException e) {
      return unusable(ordinal, source, e.reason(), e.detail());
    }
  }

  static Row unusable(long ordinal, String source, String reason, String detail) {
    return RowFactory.create(ordinal, source, null, null, null, null, reason, detail);
  }

  private static List<Row> negatives(JsonNode entry) {
    JsonNode items = entry.path("hard_negatives");
    JsonNode scores = entry.path("hard_negatives_scores");
    if (!items.isArray() || (!scores.isMissingNode() && scores.size() != items.size())) {
      throw new BadItemException(
          "broken_entry", "hard_negatives and hard_negatives_scores are not lists of one length");
    }
    List<Row> negatives = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i);
      if (!item.isArray() || item.size() != 2) {
        throw new BadItemException("broken_entry", "a hard negative is not [text, image]");
      }
      negatives.add(item(item.get(0), item.get(1), score(scores.path(i))));
    }
    return negatives;
  }

  private static Row item(JsonNode text, JsonNode image, Float score) {
    String path = JsonRow.text(image, "an image");
    String words = ContentId.text(JsonRow.text(text, "a text"), path);
    String id = ContentId.of(words, path);
    return RowFactory.create(id, words, path, score);
  }

  private static Float score(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isNumber() || !Float.isFinite(value.floatValue())) {
      throw new BadItemException("broken_entry", "a score is not a number: " + value);
    }
    return value.floatValue();
  }

  /** The list does not say how it was filled up, but its values show it. */
  private static String fill(List<Row> negatives) {
    Set<String> ids = new HashSet<>();
    boolean random = !negatives.isEmpty();
    for (Row negative : negatives) {
      ids.add(negative.getString(0));
      random &= !negative.isNullAt(3) && negative.getFloat(3) == 1f;
    }
    if (random) {
      return "random";
    }
    return ids.size() < negatives.size() ? "repeated" : "complete";
  }
}
