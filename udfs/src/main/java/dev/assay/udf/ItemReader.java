package dev.assay.udf;

import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes items of column values, one reader a task. An image that many rows of the task share is
 * read from storage once, as long as the images used since fit in memory.
 */
public final class ItemReader {
  private static final long KEPT_BYTES = 64L << 20;

  private final Function<String, EncodedImage> folder;
  private final Map<String, EncodedImage> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long keptBytes;

  /**
   * @param folder reads an image by its path, throwing {@link BadItemException} for one it cannot
   */
  ItemReader(Function<String, EncodedImage> folder) {
    this.folder = folder;
  }

  /**
   * Reads images of a folder; see {@link ImageFolder#at}.
   *
   * @param imageRoot empty or null if the images' own paths are absolute
   */
  public static ItemReader at(String imageRoot, Configuration hadoop) {
    return new ItemReader(ImageFolder.at(imageRoot, hadoop)::read);
  }

  /**
   * The item of one row.
   *
   * @param text null or empty for none
   * @param image a path, a URI, or the file's {@code byte[]}; null or empty for none
   * @throws BadItemException if there is neither, or the image cannot be read
   */
  public Item item(String text, Object image) {
    return new Item(text, image(image));
  }

  private EncodedImage image(Object image) {
    if (image instanceof byte[] bytes) {
      return bytes.length == 0 ? null : new EncodedImage(sha256(bytes), bytes);
    }
    String path = (String) image;
    if (path == null || path.isEmpty()) {
      return null;
    }
    EncodedImage known = kept.get(path);
    return known != null ? known : keep(path, folder.apply(path));
  }

  private EncodedImage keep(String path, EncodedImage image) {
    kept.put(path, image);
    keptBytes += image.bytes().length;
    var oldest = kept.values().iterator(); // least recently used first
    while (keptBytes > KEPT_BYTES) {
      keptBytes -= oldest.next().bytes().length;
      oldest.remove();
    }
    return image;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }
}
