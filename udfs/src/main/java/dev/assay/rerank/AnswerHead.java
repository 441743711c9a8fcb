package dev.assay.rerank;

import ai.djl.ndarray.NDArray;
import dev.assay.model.VisionLanguageModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of the output head for the tokens at which answers part. */
final class AnswerHead implements AutoCloseable {
  private final Map<Long, Integer> place = new HashMap<>();
  private final NDArray rows; // [tokens, hidden]

  AnswerHead(VisionLanguageModel model, ListAnswers answers) {
    for (ListAnswers.Fork fork : answers.forks()) {
      fork.answers().keySet().forEach(token -> place.putIfAbsent(token, place.size()));
    }
    long[] tokens = new long[place.size()];
    place.forEach((token, at) -> tokens[at] = token);
    rows = model.outputRows(tokens);
  }

  /**
   * How probable each answer is.
   *
   * @param hidden {@code [forks, hidden]}: the state at which each fork's token is said
   * @param count of answers
   * @return {@code [count]}: for each answer the product over its forks of a softmax among the
   *     tokens that may follow there; their sum is 1
   */
  float[] probabilities(List<ListAnswers.Fork> forks, NDArray hidden, int count) {
    float[] logits; // [forks, tokens]
    try (NDArray head = rows.transpose();
        NDArray product = hidden.matMul(head)) {
      logits = product.toFloatArray();
    }
    double[] log = new double[count];
    for (int f = 0; f < forks.size(); f++) {
      int row = f * place.size();
      Map<Long, List<Integer>> answers = forks.get(f).answers();
      double total = logSum(answers.keySet().stream().mapToDouble(t -> logits[row + place.get(t)]));
      answers.forEach(
          (token, some) -> {
            double one = logits[row + place.get(token)] - total;
            some.forEach(answer -> log[answer] += one);
          });
    }
    float[] probabilities = new float[count];
    for (int i = 0; i < count; i++) {
      probabilities[i] = (float) Math.exp(log[i]);
    }
    return probabilities;
  }

  private static double logSum(java.util.stream.DoubleStream values) {
    double[] all = values.toArray();
    double greatest = Double.NEGATIVE_INFINITY;
    for (double value : all) {
      greatest = Math.max(greatest, value);
    }
    double sum = 0;
    for (double value : all) {
      sum += Math.exp(value - greatest);
    }
    return greatest + Math.log(sum);
  }

  @Override
  public void close() {
    rows.close();
  }
}
