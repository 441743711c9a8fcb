package dev.assay.item;

import java.util.List;

/** Cleans an item's text before it goes into a prompt. */
public final class ItemText {
  /** Where MMEB's and the authors' texts say that the item's image belongs. */
  public static final String IMAGE_MARKER = "<|image_1|>";

  /**
   * The model's own tokens for images and around them. In a user's text they would look like an
   * image.
   */
  private static final List<String> VISION_TOKENS =
      List.of("<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>");

  private ItemText() {}

  /**
   * Removes every {@link #IMAGE_MARKER} with one line break directly after it, and the model's
   * vision tokens. Nothing else is trimmed. Text that a removal joins is checked again, so no token
   * can hide inside another. The time is linear in the length.
   *
   * @param text null counts as empty
   */
  public static String clean(String text) {
    if (text == null || text.indexOf("<|") < 0) {
      return text == null ? "" : text;
    }
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      kept.append(c);
      if (c != '>') {
        continue;
      }
      if (removeFromEnd(kept, IMAGE_MARKER)) {
        if (i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
      } else {
        for (String token : VISION_TOKENS) {
          if (removeFromEnd(kept, token)) {
            break;
          }
        }
      }
    }
    return kept.toString();
  }

  private static boolean removeFromEnd(StringBuilder text, String token) {
    int start = text.length() - token.length();
    if (start < 0) {
      return false;
    }
    // Not lastIndexOf, which would search on towards the front.
    for (int i = 0; i < token.length(); i++) {
      if (text.charAt(start + i) != token.charAt(i)) {
        return false;
      }
    }
    text.setLength(start);
    return true;
  }
}
