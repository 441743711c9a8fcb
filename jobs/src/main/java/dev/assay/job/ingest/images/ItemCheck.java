package dev.assay.job.ingest.images;

import dev.assay.image.ImageDecoder;
import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.item.ContentHash;
import dev.assay.item.EncodedImage;
import dev.assay.item.ItemText;
import dev.assay.job.ingest.check.TextLimit;
import dev.assay.job.ingest.input.FoundContent;
import dev.assay.job.workspace.Tables;

/**
 * Decides whether an item can be used, by its text and by the first bytes of its image. An image is
 * decoded only when a model needs it.
 */
final class ItemCheck {

  private ItemCheck() {}

  /**
   * Reads the item's image and identifies the item by its content. For an item with an image, the
   * hash is {@link ContentHash#of} the text that the table holds and the image's bytes: every later
   * job can compare it with what it reads. For an item without one it is the hash of the whole
   * text, so that two texts are never one item because their beginnings are equal.
   *
   * @param text may be null
   * @param image may be null
   * @param limit of the texts in the table
   * @throws BadItemException if it cannot be used
   * @throws java.io.UncheckedIOException if the storage fails
   */
  static FoundContent content(String text, String image, TextLimit limit, ImageFolder images) {
    if (image == null && ItemText.clean(text).isBlank()) {
      throw new BadItemException("empty_item", "neither " + Tables.TEXT + " nor " + Tables.IMAGE);
    }
    if (image == null) {
      return new FoundContent(ContentHash.of(text, null), null, 0);
    }
    EncodedImage file = images.read(image);
    if (!ImageDecoder.begins(file.bytes())) {
      throw new BadItemException(
          "unreadable_image",
          ImageFolder.shown(image) + " is not a PNG, JPEG, WebP, GIF, BMP or TIFF file");
    }
    String hash = ContentHash.of(limit.cut(text), file.bytes());
    return new FoundContent(hash, file.key(), file.bytes().length);
  }
}
