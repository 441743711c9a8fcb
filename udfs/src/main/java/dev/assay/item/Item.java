package dev.assay.item;

/**
 * A query or a candidate as a model sees it: a text, an image, or both.
 *
 * @param text may be null or empty where there is an image
 * @param image may be null where there is a text
 */
public record Item(String text, EncodedImage image) {
  public Item {
    if ((text == null || text.isEmpty()) && image == null) {
      throw new BadItemException("empty_item", "neither text nor image");
    }
  }
}
