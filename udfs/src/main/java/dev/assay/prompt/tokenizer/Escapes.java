package dev.assay.prompt.tokenizer;

/**
 * Writes a UTF-16 unit as five noncharacters: a mark and four digits of base 16. Unicode keeps
 * noncharacters for use inside a program, so no token and no template holds them; where a text
 * does, its mark is written this way too.
 */
final class Escapes {
  private static final char ZERO = '\ufdd0'; // the digits are U+FDD0 to U+FDDF
  private static final char MARK = '\ufdef';
  private static final int DIGITS = 4;

  private Escapes() {}

  static boolean isMark(char c) {
    return c == MARK;
  }

  /** Appends a unit in its escaped form. */
  static void append(StringBuilder out, char c) {
    out.append(MARK);
    for (int shift = 4 * (DIGITS - 1); shift >= 0; shift -= 4) {
      out.append((char) (ZERO + (c >> shift & 0xf)));
    }
  }

  /** The text with every escaped unit written as itself. */
  static String undo(String text) {
    if (text.indexOf(MARK) < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == MARK && i + DIGITS < text.length()) {
        int unit = 0;
        for (int k = 1; k <= DIGITS; k++) {
          unit = unit << 4 | text.charAt(i + k) - ZERO;
        }
        out.append((char) unit);
        i += DIGITS;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
