package dev.assay.rerank;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.prompt.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answers {@code Ans: (1)} to {@code Ans: (n)} as a tree of tokens. They begin alike and differ
 * at forks. With ten or more there is a fork behind the 1, which {@code )} or another digit may
 * follow. The tree is built from the tokens of whole answers, because a tokenizer may merge digits
 * with their neighbours.
 *
 * @param beginning the tokens that all answers have in common
 * @param forks in any order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ListAnswers(long[] beginning, List<Fork> forks) {
  /**
   * A place where answers differ.
   *
   * @param path the tokens from the end of the beginning to here
   * @param answers for each token that may follow: the answers (from 0) that continue with it
   */
  record Fork(long[] path, Map<Long, List<Integer>> answers) {}

  /**
   * @throws CheckpointException if the tokenizer makes two answers equal or one the start of
   *     another
   */
  static ListAnswers of(Tokenizer tokenizer, int count) {
    List<long[]> answers = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(tokenizer.encode(ListPrompt.answer(i + 1)));
      all.add(i);
    }
    int common = count == 1 ? answers.get(0).length : 0;
    while (count > 1 && children(answers, all, common).size() == 1) {
      common++;
    }
    List<Fork> forks = new ArrayList<>();
    addForks(answers, all, common, common, forks);
    return new ListAnswers(Arrays.copyOf(answers.get(0), common), forks);
  }

  /** Adds the forks of the answers that are alike up to a depth. */
  private static void addForks(
      List<long[]> answers, List<Integer> alike, int depth, int common, List<Fork> forks) {
    if (alike.size() == 1) {
      return; // the rest of it follows without a choice
    }
    Map<Long, List<Integer>> children = children(answers, alike, depth);
    if (children.size() > 1) {
      forks.add(new Fork(Arrays.copyOfRange(answers.get(alike.get(0)), common, depth), children));
    }
    children.values().forEach(some -> addForks(answers, some, depth + 1, common, forks));
  }

  private static Map<Long, List<Integer>> children(
      List<long[]> answers, List<Integer> alike, int depth) {
    Map<Long, List<Integer>> children = new LinkedHashMap<>();
    for (int answer : alike) {
      long[] tokens = answers.get(answer);
      if (tokens.length == depth) {
        throw new CheckpointException(
            "Cannot rerank: the checkpoint's tokenizer cannot distinguish '"
                + ListPrompt.answer(answer + 1)
                + "' from other answers");
      }
      children.computeIfAbsent(tokens[depth], token -> new ArrayList<>()).add(answer);
    }
    return children;
  }
}
