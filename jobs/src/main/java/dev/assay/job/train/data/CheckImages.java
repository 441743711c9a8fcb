package dev.assay.job.train.data;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.image.ImageDecoder;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import dev.assay.job.workspace.Tables;
import dev.assay.prompt.PromptEncoder;
import dev.assay.udf.rows.ItemReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Finds the items whose image cannot be used. Each image is read and decoded as a model would do
 * it, and compared with the hash under which the item was ingested. Input rows are image, text and
 * content_hash; items of one image follow each other, so that it is decoded once.
 *
 * @param model whose image processor has to take the images
 * @param done is increased by one for each item
 */
record CheckImages(
    String model,
    long maxImagePixels,
    String imageRoot,
    SerializableConfiguration hadoop,
    LongAccumulator done)
    implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Columns of the result. */
  static final StructType COLUMNS =
      new StructType()
          .add(Tables.IMAGE, DataTypes.StringType)
          .add(Tables.CONTENT_HASH, DataTypes.StringType)
          .add(Tables.REASON, DataTypes.StringType)
          .add(Tables.DETAIL, DataTypes.StringType);

  @Override
  public Iterator<Row> call(Iterator<Row> items) {
    List<Row> unusable = new ArrayList<>();
    if (!items.hasNext()) {
      return unusable.iterator(); // without opening a tokenizer for it
    }
    ItemReader reader = ItemReader.at(imageRoot, hadoop.value());
    try (PromptEncoder plain = PromptEncoder.of(CheckpointFolder.open(model, hadoop.value()))) {
      PromptEncoder encoder = plain.withImages(plain.images(), new ImageDecoder(maxImagePixels));
      EncodedImage decoded = null;
      while (items.hasNext()) {
        Row item = items.next();
        try {
          EncodedImage image =
              reader.item(item.getString(1), item.getString(0), item.getString(2)).image();
          if (image != decoded) { // the reader returns the same object for an image it has kept
            encoder.patches(image);
            decoded = image;
          }
        } catch (BadItemException e) {
          unusable.add(
              RowFactory.create(item.getString(0), item.getString(2), e.reason(), e.detail()));
        }
        done.add(1);
      }
    }
    return unusable.iterator();
  }
}
