package dev.assay.job.ingest.input;

import dev.assay.item.ContentHash;
import dev.assay.item.ItemText;
import java.nio.charset.StandardCharsets;

/** Ids for items that came without: an item that stands in many rows is one item. */
public final class ContentId {
  private static final int LENGTH = 24;

  private ContentId() {}

  /**
   * The id of a text and the path of an image, either of which may be null.
   *
   * @param text as {@link #text} gives it
   */
  public static String of(String text, String image) {
    // The image's part cannot be taken for the text's: the text goes in with its length.
    byte[] path = image == null ? null : image.getBytes(StandardCharsets.UTF_8);
    return ContentHash.of(text, path).substring(0, LENGTH);
  }

  /** The text as it counts: without the marker that says no more than that an image is there. */
  public static String text(String text, String image) {
    String words = image == null ? text : withoutLeadingMarker(text);
    return words == null || words.isEmpty() ? null : words;
  }

  /** An image stands in front of its text with or without being told so. */
  public static String withoutLeadingMarker(String text) {
    String marker = ItemText.IMAGE_MARKER + "\n";
    return text != null && text.startsWith(marker) ? text.substring(marker.length()) : text;
  }
}
