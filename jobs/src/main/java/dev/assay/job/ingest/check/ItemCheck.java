package dev.assay.job.ingest.check;

import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.item.ContentHash;
import dev.assay.item.ItemText;
import dev.assay.job.ingest.input.ContentId;
import dev.assay.job.workspace.Tables;

/**
 * Whether an item can be used, as far as its text and the first bytes of its image can tell. An
 * image is decoded only when a model asks for it.
 */
final class ItemCheck {
  private ItemCheck() {}

  /**
   * Reads the item's image and identifies the item by its content.
   *
   * @param text may be null
   * @param image may be null
   * @return the content hash
   * @throws BadItemException if it cannot be used
   */
  static String contentHash(String text, String image, ImageFolder images) {
    if (image == null && ItemText.clean(text).isBlank()) {
      throw new BadItemException("empty_item", "neither " + Tables.TEXT + " nor " + Tables.IMAGE);
    }
    if (image == null) {
      return ContentHash.of(text, null);
    }
    byte[] bytes = images.read(image).bytes();
    if (!ImageSignature.known(bytes)) {
      throw new BadItemException(
          "unreadable_image", image + " is not a PNG, JPEG, WebP, GIF or BMP file");
    }
    return ContentHash.of(ContentId.withoutLeadingMarker(text), bytes);
  }
}
