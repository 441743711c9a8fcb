package dev.assay.item;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ItemTextTest {
  @Test
  void stripsTheMarkerAndOneLineBreakAfterIt() {
    assertEquals("a dog", ItemText.clean("<|image_1|>\na dog"));
    assertEquals("a dog", ItemText.clean("<|image_1|>a dog"));
    assertEquals("\na dog", ItemText.clean("<|image_1|>\n\na dog"));
    assertEquals(" \na dog ", ItemText.clean("<|image_1|> \na dog "));
    assertEquals("before after", ItemText.clean("before <|image_1|>\nafter"));
    assertEquals("", ItemText.clean("<|image_1|>\n"));
    assertEquals("", ItemText.clean("<|image_1|>\n<|image_1|>\n"));
  }

  @Test
  void removesTheModelsVisionTokens() {
    assertEquals("ab\n", ItemText.clean("a<|vision_start|><|image_pad|><|vision_end|>b\n"));
    assertEquals("\n", ItemText.clean("<|video_pad|>\n"));
  }

  @Test
  void leavesEverythingElseUnchanged() {
    for (String text :
        List.of("", " a  b ", "\n", "<|im_end|>", "<|image_2|>", "{{ x }}", "a > b")) {
      assertEquals(text, ItemText.clean(text));
    }
    assertEquals("", ItemText.clean(null));
  }

  @Test
  void noTokenCanBeHiddenInsideAnother() {
    assertEquals("", ItemText.clean("<|image_<|image_pad|>pad|>"));
    assertEquals("x", ItemText.clean("<|ima<|image_1|>\nge_1|>\nx"));
    List<String> tokens =
        List.of(
            "<|image_1|>", "<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>");
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        String token = tokens.get(random.nextInt(tokens.size()));
        text.insert(random.nextInt(text.length() + 1), token);
      }
      String cleaned = ItemText.clean(text.toString());
      tokens.forEach(token -> assertFalse(cleaned.contains(token), () -> text + ": " + cleaned));
    }
  }

  @Test
  void isLinearInTheLength() {
    String nested = "<|image_".repeat(200_000) + "pad|>".repeat(200_000);
    assertTimeout(Duration.ofSeconds(5), () -> assertEquals("", ItemText.clean(nested)));
  }
}
