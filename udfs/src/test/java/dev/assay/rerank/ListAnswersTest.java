package dev.assay.rerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.Fixtures;
import dev.assay.prompt.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListAnswersTest {
  private final Tokenizer tokenizer = Tokenizer.of(Fixtures.checkpoint("qwen2-vl"));

  @Test
  void tenNumbersBranchAtTheSharedDigitOne() {
    ListAnswers nine = ListAnswers.of(tokenizer, 9);
    ListAnswers ten = ListAnswers.of(tokenizer, 10);

    assertEquals("Ans: (", tokenizer.decode(nine.beginning()));
    assertEquals(1, nine.forks().size());
    assertEquals(0, nine.forks().get(0).path().length);
    assertEquals(9, nine.forks().get(0).answers().size());
    assertArrayEquals(nine.beginning(), ten.beginning());
    assertEquals(2, ten.forks().size());
    assertEquals("1", tokenizer.decode(ten.forks().get(1).path()));
    assertEquals(
        Map.of(tokenizer.id(")"), List.of(0), tokenizer.id("0"), List.of(9)),
        ten.forks().get(1).answers());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 37, 100, 1000})
  void everyAnswerIsTheOnlyOneThatItsForksLeadTo(int count) {
    ListAnswers tree = ListAnswers.of(tokenizer, count);
    for (int answer = 0; answer < count; answer++) {
      long[] tokens = tokenizer.encode("Ans: (" + (answer + 1) + ")");
      int left = count;
      for (ListAnswers.Fork fork : tree.forks()) {
        int depth = tree.beginning().length + fork.path().length;
        if (depth < tokens.length && startsWith(tokens, tree.beginning(), fork.path())) {
          List<Integer> same = fork.answers().get(tokens[depth]);
          assertTrue(same.contains(answer), "Ans: (" + (answer + 1) + ")");
          left = Math.min(left, same.size());
        }
      }
      assertEquals(1, left, "Ans: (" + (answer + 1) + ")");
    }
  }

  private static boolean startsWith(long[] tokens, long[] beginning, long[] path) {
    long[] whole = Arrays.copyOf(beginning, beginning.length + path.length);
    System.arraycopy(path, 0, whole, beginning.length, path.length);
    return Arrays.equals(whole, Arrays.copyOf(tokens, whole.length));
  }
}
