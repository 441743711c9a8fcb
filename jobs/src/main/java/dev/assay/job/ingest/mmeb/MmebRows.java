package dev.assay.job.ingest.mmeb;

import dev.assay.item.BadItemException;
import dev.assay.job.ingest.input.ChoiceEntry;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What a row of MMEB's Parquet files means, as a {@link ChoiceEntry}. */
public enum MmebRows {
  /**
   * {@code TIGER-Lab/MMEB-train}: a positive, and in some rows a negative. A query in several rows
   * is one query with several positives.
   */
  TRAIN(
      new StructType()
          .add("qry", DataTypes.StringType)
          .add("qry_image_path", DataTypes.StringType)
          .add("pos_text", DataTypes.StringType)
          .add("pos_image_path", DataTypes.StringType)
          .add("neg_text", DataTypes.StringType)
          .add("neg_image_path", DataTypes.StringType)) {
    @Override
    Row entry(Row row, Place place) {
      String dataset = place.dataset();
      List<Row> choices = new ArrayList<>();
      choices.add(ChoiceEntry.byContent(dataset, row.getString(2), MmebColumns.image(row.get(3))));
      String negativeImage = MmebColumns.image(row.get(5));
      if (isThere(row.getString(4)) || isThere(negativeImage)) {
        choices.add(ChoiceEntry.byContent(dataset, row.getString(4), negativeImage));
      }
      Row query = ChoiceEntry.byContent(dataset, row.getString(0), MmebColumns.image(row.get(1)));
      return ChoiceEntry.of(place.ordinal(), place.source(), dataset, query, choices);
    }
  },

  /** {@code TIGER-Lab/MMEB-eval}: the candidates to choose from, the right one first. */
  EVAL(
      new StructType()
          .add("qry_text", DataTypes.StringType)
          .add("qry_img_path", DataTypes.StringType)
          .add("tgt_text", DataTypes.createArrayType(DataTypes.StringType))
          .add("tgt_img_path", DataTypes.createArrayType(DataTypes.StringType))) {
    @Override
    Row entry(Row row, Place place) {
      if (row.isNullAt(2) || row.isNullAt(3) || row.getList(2).size() != row.getList(3).size()) {
        throw new BadItemException(
            "broken_entry", "tgt_text and tgt_img_path are not lists of one length");
      }
      List<String> texts = row.getList(2);
      List<Object> images = row.getList(3);
      if (texts.isEmpty()) {
        throw new BadItemException("broken_entry", "tgt_text is empty");
      }
      String dataset = place.dataset();
      List<Row> choices = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        choices.add(ChoiceEntry.byContent(dataset, texts.get(i), MmebColumns.image(images.get(i))));
      }
      // Every row is a question of its own, even if two are equal.
      Row query = ChoiceEntry.named(place.id(), row.getString(0), MmebColumns.image(row.get(1)));
      return ChoiceEntry.of(place.ordinal(), place.source(), dataset, query, choices);
    }
  };

  /** Rows are ordered by file, then by their place in it. No file has 2^40 rows. */
  private static final int ROW_BITS = 40;

  /**
   * Where a row stands.
   *
   * @param file of the input, counted from 0
   * @param shard of the dataset, counted from 0
   */
  record Place(String name, String dataset, int file, int shard, long row) {
    long ordinal() {
      return ((long) file << ROW_BITS) + row;
    }

    String id() {
      return dataset + "/" + shard + "-" + row;
    }

    String source() {
      return dataset + "/" + name + " row " + row;
    }
  }

  /** The first columns must be there; the others may be missing. */
  static final int REQUIRED = 4;

  private final StructType columns;

  MmebRows(StructType columns) {
    this.columns = columns;
  }

  /**
   * The entry that a row stands for.
   *
   * @throws BadItemException if the row is not an entry
   */
  abstract Row entry(Row row, Place place);

  StructType columns() {
    return columns;
  }

  private static boolean isThere(String value) {
    return value != null && !value.isEmpty();
  }
}
