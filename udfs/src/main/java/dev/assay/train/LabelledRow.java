package dev.assay.train;

import dev.assay.model.tokens.TrainingSequence;
import dev.assay.prompt.TokenSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sequence of tokens, and the tokens that a model has to predict after some of them.
 *
 * @param parts {@code [n]}: a token sees those before it of its own part and of part 0. All 0 in an
 *     ordinary sequence. Parts with other numbers are several ends that share the beginning, part
 *     0.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LabelledRow(TokenSequence tokens, int[] parts, List<Label> labels) {
  /**
   * A token to predict. Its loss is a cross-entropy over a choice of tokens.
   *
   * @param at the index of the token that it follows
   * @param token the token to predict
   * @param weight the factor of its cross-entropy
   * @param choices the token ids to choose from; null for the whole vocabulary
   */
  public record Label(int at, long token, float weight, List<Long> choices) {}

  public LabelledRow {
    labels = List.copyOf(labels);
    if (parts.length != tokens.length()) {
      throw new IllegalArgumentException(
          parts.length + " parts for " + tokens.length() + " tokens");
    }
  }

  /** The sequence without its labels. */
  TrainingSequence row() {
    return new TrainingSequence(tokens, parts);
  }

  /** An ordinary sequence. */
  public static LabelledRow of(TokenSequence tokens, List<Label> labels) {
    return new LabelledRow(tokens, new int[tokens.length()], labels);
  }

  /**
   * A prompt and its answer. The loss is the mean cross-entropy of the answer's tokens over the
   * whole vocabulary, as for a causal language model in transformers.
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
