package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.Fixtures;
import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Part;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledRowTest {
  private static final EncodedImage IMAGE = new EncodedImage("exact.png", new byte[0]);

  @Test
  void theAnswersTokensAreWantedAfterThePrompt() {
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint("qwen2.5-vl"))) {
      List<Part> parts = List.of(new Part.Image(IMAGE), new Part.Text("What is it?"));
      String answer = "a large red circle<|im_end|>";
      TokenSequence prompt = encoder.chat(parts, image -> new Grid(8, 8));

      LabelledRow row = LabelledRow.answering(prompt, encoder.tokenizer().encode(answer));

      long[] wanted = row.labels().stream().mapToLong(LabelledRow.Label::token).toArray();
      assertEquals(answer, encoder.tokenizer().decode(wanted));
      assertEquals(prompt.length() - 1, row.labels().get(0).at());
      long[] read = Arrays.copyOf(prompt.ids(), prompt.length() + wanted.length - 1);
      System.arraycopy(wanted, 0, read, prompt.length(), wanted.length - 1);
      assertArrayEquals(read, row.tokens().ids());
      assertEquals(prompt.images(), row.tokens().images());
      assertEquals(encoder.tokenizer().id("<|im_end|>"), wanted[wanted.length - 1]);
    }
  }

  @Test
  void anEmptyAnswerIsRefused() {
    TokenSequence prompt = new TokenSequence(new long[2], new int[3][2], List.of());
    assertThrows(IllegalArgumentException.class, () -> LabelledRow.answering(prompt, new long[0]));
  }
}
