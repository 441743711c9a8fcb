package dev.assay.udf.rows;

import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.item.ContentHash;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.pack.ImagePacks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Makes items from column values; each task has its own reader. An image file that many rows share
 * is read from storage once, as long as the files used since then fit in {@value #KEPT_BYTES}
 * bytes. Thread-safe.
 */
public final class ItemReader {
  private static final long KEPT_BYTES = 64L << 20;

  private final Function<String, EncodedImage> folder;
  private final Map<String, EncodedImage> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final long limit;
  private long keptBytes;

  /**
   * @param folder reads an image by its path; throws {@link BadItemException} for a bad image
   * @param limit bytes of images that are kept for later rows, at most
   */
  ItemReader(Function<String, EncodedImage> folder, long limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /**
   * Reads images of a folder, see {@link ImageFolder#at}, or of packs, which stay open until the
   * task ends.
   *
   * @param imageRoot a folder; {@link ImagePacks#root} for packs; empty or null if the images' own
   *     paths are absolute
   */
  public static ItemReader at(String imageRoot, Configuration hadoop) {
    if (!ImagePacks.isRoot(imageRoot)) {
      return new ItemReader(ImageFolder.at(imageRoot, hadoop)::read, KEPT_BYTES);
    }
    ImagePacks packs = ImagePacks.at(imageRoot, hadoop);
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) ended -> packs.close());
    }
    return new ItemReader(packs::read, KEPT_BYTES);
  }

  /**
   * The item of one row.
   *
   * @param text null or empty for none
   * @param image a path, a URI, or the file's {@code byte[]}; null or empty for none
   * @throws BadItemException if there is neither, or the image is bad
   * @throws java.io.UncheckedIOException if storage fails
   */
  public Item item(String text, Object image) {
    return new Item(text, image(image));
  }

  /**
   * The item of one row, whose image must still be the one that was ingested.
   *
   * @param contentHash {@link ContentHash#of} the item when it was ingested; null or empty: not
   *     checked
   * @throws BadItemException as {@link #item(String, Object)}, and with the reason {@code
   *     changed_image} if the image has other bytes now
   */
  public Item item(String text, Object image, String contentHash) {
    Item item = item(text, image);
    if (item.image() == null || contentHash == null || contentHash.isEmpty()) {
      return item;
    }
    if (!ContentHash.of(text, item.image().bytes()).equals(contentHash)) {
      String name = image instanceof String path ? path : "the image";
      throw new BadItemException(
          "changed_image", name + " has other bytes than when it was ingested; run ingest again");
    }
    return item;
  }

  private EncodedImage image(Object image) {
    if (image instanceof byte[] bytes) {
      return bytes.length == 0 ? null : EncodedImage.of(bytes);
    }
    String path = (String) image;
    if (path == null || path.isEmpty()) {
      return null;
    }
    EncodedImage known = kept(path);
    return known != null ? known : keep(path, folder.apply(path));
  }

  private synchronized EncodedImage kept(String path) {
    return kept.get(path);
  }

  private synchronized EncodedImage keep(String path, EncodedImage image) {
    EncodedImage other = kept.put(path, image); // another thread may have read it meanwhile
    keptBytes += image.bytes().length - (other == null ? 0 : other.bytes().length);
    var oldest = kept.values().iterator(); // least recently used first
    while (keptBytes > limit) {
      keptBytes -= oldest.next().bytes().length;
      oldest.remove();
    }
    return image;
  }
}
