package dev.assay.retrieval;

import java.util.Comparator;

/**
 * The order of ids by Unicode code point; it breaks ties.
 *
 * <p>This is the order of the UTF-8 bytes, and so that of {@code ORDER BY} in Spark. {@link
 * String#compareTo} differs from it: it puts an emoji before a full-width letter.
 */
public enum IdOrder implements Comparator<String> {
  INSTANCE;

  @Override
  public int compare(String a, String b) {
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        return Integer.compare(codePointRank(left), codePointRank(right));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** A surrogate belongs to a code point above every other char. */
  private static int codePointRank(char c) {
    return Character.isSurrogate(c) ? c + 0x10000 : c;
  }
}
