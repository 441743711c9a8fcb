package dev.assay.item;

import java.nio.charset.StandardCharsets;

/** Identity by content: two rows with the same hash are the same item under two names. */
public final class ContentHash {
  private ContentHash() {}

  /**
   * SHA-256 in hex over text and image bytes. The text's length comes first, so no text can imitate
   * an image's bytes.
   *
   * @param text null counts as empty
   * @param imageBytes the encoded file, null if there is no image
   */
  public static String of(String text, byte[] imageBytes) {
    byte[] words = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
    Sha256 hash = new Sha256().addLong(words.length).add(words);
    if (imageBytes != null) {
      hash.add((byte) 1).add(imageBytes);
    }
    return hash.hex();
  }
}
