package dev.assay.job.train.data;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.image.ImageDecoder;
import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.job.workspace.Tables;
import dev.assay.prompt.PromptEncoder;
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
 * Images to those of them that cannot be used, and why: each is read and decoded as a model would.
 *
 * @param model whose image processor has to take them
 * @param done counts them
 */
record CheckImages(
    String model,
    long maxImagePixels,
    String imageRoot,
    SerializableConfiguration hadoop,
    LongAccumulator done)
    implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Of the result. */
  static final StructType COLUMNS =
      new StructType()
          .add(Tables.IMAGE, DataTypes.StringType)
          .add(Tables.REASON, DataTypes.StringType)
          .add(Tables.DETAIL, DataTypes.StringType);

  @Override
  public Iterator<Row> call(Iterator<Row> images) {
    List<Row> unusable = new ArrayList<>();
    if (!images.hasNext()) {
      return unusable.iterator(); // without opening a tokenizer for it
    }
    ImageFolder folder = ImageFolder.at(imageRoot, hadoop.value());
    try (PromptEncoder plain = PromptEncoder.of(CheckpointFolder.open(model, hadoop.value()))) {
      PromptEncoder encoder = plain.withImages(plain.images(), new ImageDecoder(maxImagePixels));
      while (images.hasNext()) {
        String image = images.next().getString(0);
        try {
          encoder.patches(folder.read(image));
        } catch (BadItemException e) {
          unusable.add(RowFactory.create(image, e.reason(), e.detail()));
        }
        done.add(1);
      }
    }
    return unusable.iterator();
  }
}
