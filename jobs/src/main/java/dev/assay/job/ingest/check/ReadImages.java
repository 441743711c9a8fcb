package dev.assay.job.ingest.check;

import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.job.ingest.input.FoundItem;
import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads the image of each item once and gives the item its content hash, or the reason why it has
 * none. A storage error passes through and fails the task, so that Spark runs it again.
 */
public final class ReadImages implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String imageRoot;
  private final TextLimit limit;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * @param limit of the texts in the tables
   */
  public ReadImages(
      String imageRoot, TextLimit limit, Broadcast<SerializableConfiguration> hadoop) {
    this.imageRoot = imageRoot;
    this.limit = limit;
    this.hadoop = hadoop;
  }

  /**
   * Items with their hashes or reasons.
   *
   * @param done counts them
   */
  public FlatMapFunction<Iterator<FoundItem>, FoundItem> counting(LongAccumulator done) {
    return items -> {
      ImageFolder images = ImageFolder.at(imageRoot, hadoop.value().value());
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return items.hasNext();
        }

        @Override
        public FoundItem next() {
          FoundItem checked = check(items.next(), images);
          done.add(1);
          return checked;
        }
      };
    };
  }

  private FoundItem check(FoundItem item, ImageFolder images) {
    if (!item.usable()) {
      return item;
    }
    try {
      return item.withHash(ItemCheck.contentHash(item.text(), item.image(), limit, images));
    } catch (BadItemException e) {
      return item.refused(e.reason(), e.detail());
    }
  }
}
