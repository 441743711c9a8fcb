package dev.assay.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.item.Item;
import dev.assay.math.UnitLength;
import dev.assay.model.tokens.TrainingSequence;
import dev.assay.model.training.TrainingPass;
import dev.assay.random.Seeds;
import dev.assay.train.loss.ContrastiveLoss;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The distinct items of some examples, cut into passes, and their vectors once they are computed.
 * Items of similar length share a pass, so that little is padded.
 */
final class ItemPasses {
  private final TrainedCheckpoint checkpoint;
  private final List<ContrastiveExample> examples;
  private final int[][] places; // [example][query, positive, negatives…], in rows
  private final List<TrainingSequence> rows = new ArrayList<>();
  private final List<List<Integer>> passes;
  private final float[][] vectors;
  private final double[] norms;

  /**
   * @param tokens makes items into tokens
   */
  ItemPasses(TrainedCheckpoint checkpoint, ItemRows tokens, List<ContrastiveExample> examples) {
    this.checkpoint = checkpoint;
    this.examples = examples;
    this.places = new int[examples.size()][];
    Map<Item, Integer> known = new HashMap<>();
    for (int e = 0; e < places.length; e++) {
      places[e] =
          examples.get(e).items().stream()
              .mapToInt(item -> known.computeIfAbsent(item, i -> add(tokens.of(i))))
              .toArray();
    }
    List<Integer> byLength =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> rows.get(i).length()))
            .toList();
    this.passes = checkpoint.passes(rows, byLength);
    this.vectors = new float[rows.size()][];
    this.norms = new double[rows.size()];
  }

  private int add(TrainingSequence row) {
    rows.add(row);
    return rows.size() - 1;
  }

  /** How many passes there are. */
  int count() {
    return passes.size();
  }

  private TrainingPass pass(NDManager scope, int number, long seed) {
    List<TrainingSequence> some = passes.get(number).stream().map(rows::get).toList();
    int[] starts = TrainingPass.starts(some);
    long[] last =
        IntStream.range(0, starts.length)
            .mapToLong(r -> starts[r] + some.get(r).length() - 1)
            .toArray();
    return checkpoint.pass(scope, some, last, Seeds.mix(seed, number));
  }

  /** Computes the vectors of a pass. */
  void infer(NDManager scope, int number, long seed) {
    try (NDManager inner = scope.newSubManager()) {
      keep(number, pass(inner, number, seed).infer());
    }
  }

  /** Computes the vectors of a pass, and keeps what its gradients need. */
  TrainingPass forward(NDManager scope, int number, long seed) {
    TrainingPass pass = pass(scope, number, seed);
    keep(number, pass.forward());
    return pass;
  }

  /** Brings hidden states to length 1. */
  private void keep(int number, NDArray hidden) {
    float[] flat = hidden.toFloatArray();
    int width = flat.length / passes.get(number).size();
    int at = 0;
    for (int row : passes.get(number)) {
      norms[row] = UnitLength.norm(flat, at, width);
      vectors[row] = UnitLength.of(flat, at, width);
      at += width;
    }
  }

  /** {@code [example][query, positive, negatives…][dimension]}. */
  float[][][] vectors() {
    float[][][] all = new float[places.length][][];
    for (int e = 0; e < all.length; e++) {
      all[e] = IntStream.of(places[e]).mapToObj(i -> vectors[i]).toArray(float[][]::new);
    }
    return all;
  }

  /** The loss of all examples, once all vectors are known. */
  ContrastiveLoss.Value loss(ContrastiveLoss loss) {
    float[][] queries = new float[places.length][];
    float[][][] candidates = new float[places.length][][];
    float[][] scores = new float[places.length][];
    for (int e = 0; e < places.length; e++) {
      queries[e] = vectors[places[e][0]];
      candidates[e] =
          IntStream.of(places[e]).skip(1).mapToObj(i -> vectors[i]).toArray(float[][]::new);
      scores[e] = examples.get(e).scores();
    }
    return loss.of(queries, candidates, scores);
  }

  /** The gradient at each distinct item's vector. */
  double[][] gradients(ContrastiveLoss.Value value) {
    int width = value.queries()[0].length;
    double[][] gradients = new double[rows.size()][width];
    for (int e = 0; e < places.length; e++) {
      add(gradients[places[e][0]], value.queries()[e]);
      for (int c = 1; c < places[e].length; c++) {
        add(gradients[places[e][c]], value.candidates()[e][c - 1]);
      }
    }
    return gradients;
  }

  private void add(double[] sum, float[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }

  /** From the gradients at vectors u = h / |h| to those at h: (g - (g . u) u) / |h|. */
  void backward(NDManager scope, TrainingPass pass, int number, double[][] gradients) {
    List<Integer> some = passes.get(number);
    int width = gradients[0].length;
    float[] flat = new float[some.size() * width];
    int at = 0;
    for (int row : some) {
      double along = 0;
      for (int i = 0; i < width; i++) {
        along += gradients[row][i] * vectors[row][i];
      }
      for (int i = 0; i < width; i++) {
        flat[at++] = (float) ((gradients[row][i] - along * vectors[row][i]) / norms[row]);
      }
    }
    pass.backward(scope.create(flat, new Shape(some.size(), width)));
  }
}
