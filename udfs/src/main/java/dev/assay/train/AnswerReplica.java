package dev.assay.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.model.Precision;
import dev.assay.model.tokens.TrainingSequence;
import dev.assay.model.training.TrainableModel;
import dev.assay.model.training.TrainingPass;
import dev.assay.model.training.Tuning;
import dev.assay.random.Seeds;
import dev.assay.train.LabelledRow.Label;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A model that is trained to answer prompts: a judge, a reranker, or any other.
 *
 * @param <E> an example
 */
public final class AnswerReplica<E> extends CheckpointReplica<E> {
  private final RowMaker<E> maker;

  private AnswerReplica(TrainedCheckpoint checkpoint, RowMaker<E> maker) {
    super(checkpoint);
    this.maker = maker;
  }

  /**
   * Loads a checkpoint for training.
   *
   * @param seed of the initial values of adapters
   * @throws dev.assay.checkpoint.CheckpointException if it cannot be used, or nothing of it would
   *     be trained
   */
  public static <E> AnswerReplica<E> load(
      CheckpointFolder folder,
      Device device,
      Precision precision,
      Tuning tuning,
      long seed,
      ReplicaOptions options,
      RowMaker<E> maker) {
    return new AnswerReplica<>(
        TrainedCheckpoint.load(
            folder, device, precision, tuning, TrainableModel.Output.TOKENS, seed, options),
        maker);
  }

  @Override
  public double addGradients(List<E> examples, long seed) {
    double sum = 0;
    try {
      List<LabelledRow> labelled = new ArrayList<>();
      for (int e = 0; e < examples.size(); e++) {
        labelled.addAll(
            maker.rows(
                examples.get(e),
                checkpoint.encoder(),
                checkpoint.images()::grid,
                Seeds.mix(seed, "rows", e)));
      }
      List<TrainingSequence> rows = labelled.stream().map(LabelledRow::row).toList();
      List<Integer> order = IntStream.range(0, rows.size()).boxed().toList();
      int number = 0;
      for (List<Integer> pass : checkpoint.passes(rows, order)) {
        sum +=
            forwardBackward(
                pass.stream().map(labelled::get).toList(), Seeds.mix(seed, "pass", number++));
      }
    } finally {
      checkpoint.images().forget();
    }
    return sum;
  }

  private double forwardBackward(List<LabelledRow> labelled, long seed) {
    List<TrainingSequence> rows = labelled.stream().map(LabelledRow::row).toList();
    int[] starts = TrainingPass.starts(rows);
    // Labels with the same choices are computed together.
    Map<List<Long>, List<Wanted>> byChoice = new LinkedHashMap<>();
    for (int r = 0; r < starts.length; r++) {
      for (Label label : labelled.get(r).labels()) {
        List<Long> choices = label.choices() == null ? List.of() : label.choices();
        byChoice
            .computeIfAbsent(choices, c -> new ArrayList<>())
            .add(new Wanted(starts[r] + label.at(), label));
      }
    }
    long[] at = byChoice.values().stream().flatMap(List::stream).mapToLong(Wanted::at).toArray();
    if (at.length == 0) {
      return 0;
    }
    double sum = 0;
    try (NDManager scope = checkpoint.model().newScope()) {
      TrainingPass pass = checkpoint.pass(scope, rows, at, seed);
      NDArray hidden = pass.forward();
      NDList upstream = new NDList();
      int from = 0;
      for (Map.Entry<List<Long>, List<Wanted>> entry : byChoice.entrySet()) {
        int to = from + entry.getValue().size();
        NDArray some = hidden.get(new NDIndex("{}:{}", from, to));
        TrainableModel.Loss loss = crossEntropy(scope, some, entry.getKey(), entry.getValue());
        sum += loss.sum();
        upstream.add(loss.gradient());
        from = to;
      }
      pass.backward(upstream.size() == 1 ? upstream.get(0) : NDArrays.concat(upstream));
    }
    return sum;
  }

  /**
   * A label and its place.
   *
   * @param at the token that it follows, counted over all rows
   */
  private record Wanted(int at, Label label) {}

  private TrainableModel.Loss crossEntropy(
      NDManager scope, NDArray hidden, List<Long> choices, List<Wanted> wanted) {
    long[] targets = new long[wanted.size()];
    float[] weights = new float[targets.length];
    for (int i = 0; i < targets.length; i++) {
      Label label = wanted.get(i).label();
      targets[i] = choices.isEmpty() ? label.token() : choices.indexOf(label.token());
      weights[i] = label.weight();
    }
    long[] ids = choices.stream().mapToLong(Long::longValue).toArray();
    return checkpoint.model().crossEntropy(scope, hidden, ids, targets, weights);
  }
}
