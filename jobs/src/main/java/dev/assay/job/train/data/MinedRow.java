package dev.assay.job.train.data;

import dev.assay.item.Item;
import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.job.workspace.Tables;
import dev.assay.udf.rows.ItemReader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * A query, its positive and its mined negatives, with the paths of their images.
 *
 * @param scores the judge's scores of the positive and then of each negative
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MinedRow(
    String queryId, String positiveId, Named query, List<Named> candidates, float[] scores)
    implements TrainingRow {
  /**
   * An item that is not read yet.
   *
   * @param text may be null
   * @param image its path, may be null
   * @param contentHash of the item when it was ingested
   */
  public record Named(String text, String image, String contentHash) implements Serializable {
    /**
     * Reads the image.
     *
     * @throws dev.assay.item.BadItemException if it cannot be used, or has changed since it was
     *     ingested
     */
    public Item read(ItemReader reader) {
      return reader.item(text, image, contentHash);
    }

    private static Named of(Row item) {
      return new Named(
          item.getAs(Tables.TEXT), item.getAs(Tables.IMAGE), item.getAs(Tables.CONTENT_HASH));
    }
  }

  /** From a row of {@link MinedLists}. */
  static MinedRow of(Row row) {
    List<Named> candidates = new ArrayList<>();
    for (Row candidate : row.<Row>getList(row.fieldIndex(MinedLists.ITEMS))) {
      candidates.add(Named.of(candidate.getAs(MinedLists.ITEM)));
    }
    List<Float> list = row.getList(row.fieldIndex(MinedLists.SCORES));
    float[] scores = new float[list.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = list.get(i);
    }
    return new MinedRow(
        row.getAs(Tables.QUERY_ID),
        row.getAs(Tables.POSITIVE_ID),
        Named.of(row.getAs(MinedLists.QUERY)),
        List.copyOf(candidates),
        scores);
  }

  @Override
  public String id() {
    return queryId + " (positive " + positiveId + ")";
  }
}
