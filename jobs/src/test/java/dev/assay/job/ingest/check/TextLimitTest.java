package dev.assay.job.ingest.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextLimitTest {
  @Test
  void leavesAShorterTextUnchanged() {
    TextLimit limit = new TextLimit(4);
    assertNull(limit.cut(null));
    assertEquals("", limit.cut(""));
    assertEquals("abcd", limit.cut("abcd"));
    assertEquals("éé", limit.cut("éé"));
    assertEquals("🙂", limit.cut("🙂"));
  }

  @Test
  void keepsAsManyWholeCharactersAsFit() {
    String[] characters = {"a", "é", "圆", "🙂", "\n"};
    Random random = new Random(5);
    for (int trial = 0; trial < 500; trial++) {
      StringBuilder built = new StringBuilder();
      for (int i = random.nextInt(60); i >= 0; i--) {
        built.append(characters[random.nextInt(characters.length)]);
      }
      String text = built.toString();
      int bytes = 1 + random.nextInt(100);

      String cut = new TextLimit(bytes).cut(text);

      assertTrue(text.startsWith(cut));
      assertTrue(utf8(cut) <= bytes);
      if (cut.length() < text.length()) {
        int next = text.offsetByCodePoints(cut.length(), 1);
        assertTrue(utf8(text.substring(0, next)) > bytes, "another one would have fitted");
      }
    }
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
