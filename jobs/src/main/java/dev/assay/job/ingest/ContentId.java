package dev.assay.job.ingest;

import dev.assay.item.ContentHash;
import java.nio.charset.StandardCharsets;

/** Ids for items that came without: an item that stands in many rows is one item. */
final class ContentId {
  private static final int LENGTH = 24;

  private ContentId() {}

  /**
   * The id of a text and the path of an image, either of which may be null.
   *
   * @param text as {@link #text} gives it
   */
  static String of(String text, String image) {
    // The image's part cannot be taken for the text's: the text goes in with its length.
    byte[] path = image == null ? null : image.getBytes(StandardCharsets.UTF_8);
    return ContentHash.of(text, path).substring(0, LENGTH);
  }

  /** The text as it counts: without the marker that says no more than that an image is there. */
  static String text(String text, String image) {
    String words = image == null ? text : ItemCheck.withoutLeadingMarker(text);
    return words == null || words.isEmpty() ? null : words;
  }
}
