package dev.assay.job.ingest.check;

import java.io.Serializable;

/**
 * The longest text that a table holds. A longer one is cut, so that all jobs and models see the
 * same text and the memory for a prompt has a bound: a token is at least one byte.
 *
 * @param bytes of UTF-8; no character is cut in two
 */
public record TextLimit(int bytes) implements Serializable {

  /** Whether a text is longer than the limit. */
  boolean exceededBy(String text) {
    return text != null && cut(text).length() < text.length();
  }

  /** The beginning of a text. */
  public String cut(String text) {
    if (text == null || 3L * text.length() <= bytes) {
      return text; // a char takes at most three bytes
    }
    int used = 0;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      used += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
      if (used > bytes) {
        return text.substring(0, at);
      }
      at += Character.charCount(character);
    }
    return text;
  }
}
