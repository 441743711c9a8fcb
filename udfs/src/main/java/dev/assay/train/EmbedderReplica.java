package dev.assay.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.embed.EmbedPrompt;
import dev.assay.image.BadItemException;
import dev.assay.model.Parameter;
import dev.assay.model.Precision;
import dev.assay.model.Row;
import dev.assay.model.TrainingPass;
import dev.assay.model.Tuning;
import dev.assay.prompt.Item;
import dev.assay.prompt.TokenSequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An embedder that is trained on queries with their own candidates.
 *
 * <p>Where queries do not depend on each other, as many of them as fit go through the model at once
 * and back. Where they do, or one of them is too large, all vectors are computed first without a
 * way back, then the loss, and then each pass runs again with the gradient at its vectors (gradient
 * cache, arXiv 2101.06983): any batch fits.
 */
public final class EmbedderReplica implements Replica<ContrastiveExample> {
  private final TrainedCheckpoint checkpoint;
  private final ContrastiveLoss loss;

  private EmbedderReplica(TrainedCheckpoint checkpoint, ContrastiveLoss loss) {
    this.checkpoint = checkpoint;
    this.loss = loss;
  }

  /**
   * Loads a checkpoint to be trained.
   *
   * @param seed of the first values of adapters
   * @throws dev.assay.checkpoint.CheckpointException if it cannot be used, or nothing of it would
   *     be trained
   */
  public static EmbedderReplica load(
      CheckpointFolder folder,
      Device device,
      Precision precision,
      Tuning tuning,
      long seed,
      ReplicaOptions options,
      ContrastiveLoss loss) {
    return new EmbedderReplica(
        TrainedCheckpoint.load(folder, device, precision, tuning, seed, options), loss);
  }

  @Override
  public List<Parameter> parameters() {
    return checkpoint.parameters();
  }

  @Override
  public float[][] initialValues() {
    return checkpoint.model().values();
  }

  /**
   * The vectors of some examples: {@code [example][query, positive, negatives…][dimension]}, each
   * of length 1.
   */
  public float[][][] embed(float[][] values, List<ContrastiveExample> examples, long seed) {
    checkpoint.model().set(values);
    Items items = new Items(examples);
    try (NDManager scope = checkpoint.model().newScope()) {
      for (int pass = 0; pass < items.passes.size(); pass++) {
        items.infer(scope, pass, seed);
      }
    } finally {
      checkpoint.images().forget();
    }
    return items.vectors();
  }

  @Override
  public Gradients gradients(float[][] values, List<ContrastiveExample> examples, long seed) {
    checkpoint.model().set(values);
    double sum = 0;
    try {
      List<List<ContrastiveExample>> parts =
          loss.acrossQueries() ? List.of(examples) : parts(examples);
      for (int part = 0; part < parts.size(); part++) {
        sum += goThereAndBack(parts.get(part), null, seed + part);
      }
    } finally {
      checkpoint.images().forget();
    }
    return new Gradients(checkpoint.model().takeGradients(), sum, examples.size());
  }

  /**
   * The gradients of some examples of a batch, whose loss was computed elsewhere.
   *
   * @param seed the one that {@link #embed} was given for the same examples
   * @param upstream the gradients at these examples' vectors
   */
  public Gradients gradients(
      float[][] values,
      List<ContrastiveExample> examples,
      long seed,
      ContrastiveLoss.Value upstream) {
    checkpoint.model().set(values);
    try {
      goThereAndBack(examples, upstream, seed);
    } finally {
      checkpoint.images().forget();
    }
    return new Gradients(checkpoint.model().takeGradients(), upstream.sum(), examples.size());
  }

  /** As many examples together as fit in one pass. */
  private List<List<ContrastiveExample>> parts(List<ContrastiveExample> examples) {
    List<List<ContrastiveExample>> parts = new ArrayList<>();
    int tokens = Integer.MAX_VALUE / 2;
    for (ContrastiveExample example : examples) {
      int own = new Items(List.of(example)).tokens();
      tokens += own;
      if (tokens > checkpoint.maxTokens()) {
        parts.add(new ArrayList<>());
        tokens = own;
      }
      parts.get(parts.size() - 1).add(example);
    }
    return parts;
  }

  /** Adds to the model's gradients, and gives the sum of the losses. */
  private double goThereAndBack(
      List<ContrastiveExample> examples, ContrastiveLoss.Value upstream, long seed) {
    Items items = new Items(examples);
    try (NDManager scope = checkpoint.model().newScope()) {
      if (items.passes.size() == 1) {
        TrainingPass pass = items.forward(scope, 0, seed);
        ContrastiveLoss.Value value = upstream == null ? items.loss() : upstream;
        items.backward(scope, pass, 0, items.gradients(value));
        return value.sum();
      }
      ContrastiveLoss.Value value = upstream;
      if (value == null) {
        for (int pass = 0; pass < items.passes.size(); pass++) {
          items.infer(scope, pass, seed);
        }
        value = items.loss();
      }
      double[][] gradients = items.gradients(value);
      for (int i = 0; i < items.passes.size(); i++) {
        try (NDManager inner = scope.newSubManager()) {
          items.backward(inner, items.forward(inner, i, seed), i, gradients);
        }
      }
      return value.sum();
    }
  }

  @Override
  public void close() {
    checkpoint.close();
  }

  /** The distinct items of some examples, and their vectors as they become known. */
  private final class Items {
    private final List<ContrastiveExample> examples;
    private final List<Item> distinct = new ArrayList<>();
    private final int[][] places; // [example][query, positive, negatives…], in distinct
    private final List<Row> rows = new ArrayList<>();
    private final List<List<Integer>> passes;
    private final float[][] vectors;
    private final double[] norms;

    Items(List<ContrastiveExample> examples) {
      this.examples = examples;
      this.places = new int[examples.size()][];
      java.util.Map<Item, Integer> known = new java.util.HashMap<>();
      for (int e = 0; e < places.length; e++) {
        List<Item> all = new ArrayList<>(List.of(examples.get(e).query()));
        all.addAll(examples.get(e).candidates());
        places[e] = all.stream().mapToInt(item -> known.computeIfAbsent(item, this::add)).toArray();
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

    private int add(Item item) {
      TokenSequence tokens =
          checkpoint.encoder().plain(EmbedPrompt.of(item), checkpoint.images()::grid);
      if (tokens.length() == 0) {
        throw new BadItemException("empty_item", "nothing is left of the text but markers");
      }
      distinct.add(item);
      rows.add(Row.of(tokens));
      return distinct.size() - 1;
    }

    int tokens() {
      return rows.stream().mapToInt(Row::length).sum();
    }

    private TrainingPass pass(NDManager scope, int number, long seed) {
      List<Row> some = passes.get(number).stream().map(rows::get).toList();
      int[] starts = TrainingPass.starts(some);
      long[] last =
          IntStream.range(0, starts.length)
              .mapToLong(r -> starts[r] + some.get(r).length() - 1)
              .toArray();
      return checkpoint.pass(scope, some, last, 31 * seed + number);
    }

    void infer(NDManager scope, int number, long seed) {
      try (NDManager inner = scope.newSubManager()) {
        keep(number, pass(inner, number, seed).infer());
      }
    }

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
        double squares = 0;
        for (int i = 0; i < width; i++) {
          squares += (double) flat[at + i] * flat[at + i];
        }
        norms[row] = Math.sqrt(squares);
        vectors[row] = new float[width];
        for (int i = 0; i < width; i++) {
          vectors[row][i] = (float) (flat[at + i] / norms[row]);
        }
        at += width;
      }
    }

    float[][][] vectors() {
      float[][][] all = new float[places.length][][];
      for (int e = 0; e < all.length; e++) {
        all[e] = IntStream.of(places[e]).mapToObj(i -> vectors[i]).toArray(float[][]::new);
      }
      return all;
    }

    ContrastiveLoss.Value loss() {
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
}
