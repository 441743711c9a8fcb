package dev.assay.rerank;

import ai.djl.ndarray.NDArray;
import dev.assay.math.LogSoftmax;
import dev.assay.model.VisionLanguageModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The output head for the tokens at which answers part. May be used by many threads. */
final class AnswerHead implements AutoCloseable {
  private final Map<Long, Integer> place = new HashMap<>();
  private final NDArray columns; // [hidden, tokens]

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
   * How probable each answer is.
   *
   * @param hidden {@code [forks, hidden]}: the state after which each fork's token is said
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
