package dev.assay.job.ingest.input;

import dev.assay.item.ContentHash;
import dev.assay.item.ItemText;
import java.nio.charset.StandardCharsets;

/** Ids for items that have none in the input: equal items in many rows are one item. */
public final class ContentId {
  private static final int LENGTH = 24;

  private ContentId() {}

  /**
   * The id of a text and the path of an image, either of which may be null.
   *
   * @param text as {@link #text} gives it
   */
  public static String of(String text, String image) {
    // The hash covers the text's length, so no text can pass for another text with an image.
    byte[] path = image == null ? null : image.getBytes(StandardCharsets.UTF_8);
    return ContentHash.of(text, path).substring(0, LENGTH);
  }

  /**
   * An item's text without a marker for the image at its beginning: an image stands in front of the
   * text anyway. Null for an empty text.
   *
   * @param image of the item; null leaves the text as it is
   */
  public static String text(String text, String image) {
    String marker = ItemText.IMAGE_MARKER + "\n";
    String words =
        image != null && text != null && text.startsWith(marker)
            ? text.substring(marker.length())
            : text;
    return words == null || words.isEmpty() ? null : words;
  }
}
