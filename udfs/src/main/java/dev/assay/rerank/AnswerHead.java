package dev.assay.rerank;

import ai.djl.ndarray.NDArray;
import dev.assay.math.LogSoftmax;
import dev.assay.model.VisionLanguageModel;
import dev.assay.session.LoadedCheckpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The output head for the tokens at which the answers to a list differ. It does not change once it
 * is made: threads share it.
 */
final class AnswerHead implements LoadedCheckpoint.Head {
  private final Map<Long, Integer> place = new HashMap<>();
  private final NDArray columns; // [hidden, tokens]

  /**
   * The head for lists of any length: shorter lists need no other tokens than the longest.
   *
   * @throws dev.assay.checkpoint.CheckpointException if the checkpoint has no output head, or its
   *     tokenizer cannot distinguish the answers
   */
  static AnswerHead of(LoadedCheckpoint checkpoint) {
    return new AnswerHead(
        checkpoint.model(),
        ListAnswers.of(checkpoint.encoder().tokenizer(), ListPrompt.MAX_CANDIDATES));
  }

  AnswerHead(VisionLanguageModel model, ListAnswers answers) {
    for (ListAnswers.Fork fork : answers.forks()) {
      fork.answers().keySet().forEach(token -> place.putIfAbsent(token, place.size()));
    }
    long[] tokens = new long[place.size()];
    place.forEach((token, at) -> tokens[at] = token);
    try (NDArray rows = model.outputRows(tokens)) {
      columns = rows.transpose();
    }
  }

  /**
   * The probability of each answer.
   *
   * @param hidden {@code [forks, hidden]}: the state before each fork's token
   * @param count of answers
   * @return {@code [count]}: for each answer the product, over its forks, of a softmax among the
   *     tokens that may follow there; their sum is 1
   */
  float[] probabilities(List<ListAnswers.Fork> forks, NDArray hidden, int count) {
    float[] logits; // [forks, tokens]
    try (NDArray product = hidden.matMul(columns)) {
      logits = product.toFloatArray();
    }
    double[] log = new double[count];
    for (int f = 0; f < forks.size(); f++) {
      int row = f * place.size();
      List<Long> tokens = new ArrayList<>(forks.get(f).answers().keySet());
      double[] chosen =
          LogSoftmax.of(
              tokens.stream().mapToDouble(token -> logits[row + place.get(token)]).toArray(), 1);
      for (int t = 0; t < chosen.length; t++) {
        for (int answer : forks.get(f).answers().get(tokens.get(t))) {
          log[answer] += chosen[t];
        }
      }
    }
    float[] probabilities = new float[count];
    for (int i = 0; i < count; i++) {
      probabilities[i] = (float) Math.exp(log[i]);
    }
    return probabilities;
  }

  @Override
  public void close() {
    columns.close();
  }
}
