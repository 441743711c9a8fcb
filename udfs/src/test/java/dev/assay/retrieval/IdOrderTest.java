package dev.assay.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdOrderTest {
  private static final String[] LETTERS = {
    "a", "b", "0", "é", "ﾊ", "\uD83D\uDE00", "\uD834\uDD1E", "\uE000"
  };

  @Test
  void isTheOrderOfTheUtf8Bytes() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      String a = word(random);
      String b = word(random);
      byte[] left = a.getBytes(StandardCharsets.UTF_8);
      byte[] right = b.getBytes(StandardCharsets.UTF_8);
      int expected = Integer.signum(Arrays.compareUnsigned(left, right));
      assertEquals(expected, Integer.signum(IdOrder.INSTANCE.compare(a, b)), a + " against " + b);
    }
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int length = random.nextInt(4); length > 0; length--) {
      word.append(LETTERS[random.nextInt(LETTERS.length)]);
    }
    return word.toString();
  }
}
