package dev.assay.train;

import dev.assay.model.TrainingSequence;
import dev.assay.prompt.TokenSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tokens, and what a model should learn to say after some of them.
 *
 * @param parts {@code [n]}: a token sees those before it of its own part and of part 0. All 0 in an
 *     ordinary sequence; other numbers are several ends that share a beginning.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LabelledRow(TokenSequence tokens, int[] parts, List<Label> labels) {
  /**
   * A wanted token: cross-entropy over a choice of tokens.
   *
   * @param at the index of the token after which it is wanted
   * @param token the wanted one
   * @param weight its cross-entropy is multiplied by this
   * @param choices token ids among which it is chosen; null for the whole vocabulary
   */
  public record Label(int at, long token, float weight, List<Long> choices) {}

  public LabelledRow {
    labels = List.copyOf(labels);
    if (parts.length != tokens.length()) {
      throw new IllegalArgumentException(
          parts.length + " parts for " + tokens.length() + " tokens");
    }
  }

  /** The tokens alone. */
  TrainingSequence row() {
    return new TrainingSequence(tokens, parts);
  }

  /** An ordinary sequence. */
  public static LabelledRow of(TokenSequence tokens, List<Label> labels) {
    return new LabelledRow(tokens, new int[tokens.length()], labels);
  }

  /**
   * A prompt and its answer. The loss is the mean cross-entropy of the answer's tokens over the
   * whole vocabulary, as that of a causal language model in transformers.
   *
   * @param answer tokens, at least one; with the end of turn as the last one the model learns to
   *     stop there
   */
  public static LabelledRow answering(TokenSequence prompt, long[] answer) {
    if (answer.length == 0) {
      throw new IllegalArgumentException("the answer is empty: there is nothing to learn");
    }
    List<Label> labels = new ArrayList<>(answer.length);
    for (int i = 0; i < answer.length; i++) {
      labels.add(new Label(prompt.length() - 1 + i, answer[i], 1f / answer.length, null));
    }
    // The last token of the answer is predicted, but nothing is predicted from it.
    return of(prompt.then(Arrays.copyOf(answer, answer.length - 1)), labels);
  }
}
