package dev.assay.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.model.Precision;
import dev.assay.model.tokens.Packs;
import dev.assay.model.training.TrainableModel;
import dev.assay.model.training.TrainingPass;
import dev.assay.model.training.Tuning;
import dev.assay.random.Seeds;
import dev.assay.train.loss.ContrastiveLoss;
import java.util.List;

/**
 * An embedder that is trained on queries with their own candidates.
 *
 * <p>If queries do not depend on each other, each pass takes as many of them as fit, forward and
 * backward. If they do, or if one query is too large for a pass, a gradient cache is used (arXiv
 * 2101.06983): all vectors are computed without a graph, then the loss, and then each pass runs
 * again with the gradients at its vectors. So any batch fits.
 */
public final class EmbedderReplica extends CheckpointReplica<ContrastiveExample>
    implements EmbeddingReplica<ContrastiveExample> {
  private final ContrastiveLoss loss;

  private EmbedderReplica(TrainedCheckpoint checkpoint, ContrastiveLoss loss) {
    super(checkpoint);
    this.loss = loss;
  }

  /**
   * Loads a checkpoint for training.
   *
   * @param seed of the initial values of adapters
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
        TrainedCheckpoint.load(
            folder, device, precision, tuning, TrainableModel.Output.HIDDEN_STATES, seed, options),
        loss);
  }

  @Override
  public float[][][] embed(List<ContrastiveExample> examples, long seed) {
    ItemPasses items = new ItemPasses(checkpoint, new ItemRows(checkpoint), examples);
    try (NDManager scope = checkpoint.model().newScope()) {
      for (int pass = 0; pass < items.count(); pass++) {
        items.infer(scope, pass, seed);
      }
    } finally {
      checkpoint.images().forget();
    }
    return items.vectors();
  }

  @Override
  public double addGradients(List<ContrastiveExample> examples, long seed) {
    ItemRows rows = new ItemRows(checkpoint);
    double sum = 0;
    try {
      List<List<ContrastiveExample>> parts =
          loss.acrossQueries()
              ? List.of(examples)
              : Packs.of(examples, rows::tokens, checkpoint.maxTokens());
      for (int part = 0; part < parts.size(); part++) {
        sum +=
            forwardBackward(
                new ItemPasses(checkpoint, rows, parts.get(part)), null, Seeds.mix(seed, part));
      }
    } finally {
      checkpoint.images().forget();
    }
    return sum;
  }

  @Override
  public void addGradients(
      List<ContrastiveExample> examples, long seed, ContrastiveLoss.Value upstream) {
    try {
      forwardBackward(
          new ItemPasses(checkpoint, new ItemRows(checkpoint), examples), upstream, seed);
    } finally {
      checkpoint.images().forget();
    }
  }

  /** Adds to the model's gradients and returns the sum of the losses. */
  private double forwardBackward(ItemPasses items, ContrastiveLoss.Value upstream, long seed) {
    try (NDManager scope = checkpoint.model().newScope()) {
      if (items.count() == 1) {
        TrainingPass pass = items.forward(scope, 0, seed);
        ContrastiveLoss.Value value = upstream == null ? items.loss(loss) : upstream;
        items.backward(scope, pass, 0, items.gradients(value));
        return value.sum();
      }
      ContrastiveLoss.Value value = upstream;
      if (value == null) {
        for (int pass = 0; pass < items.count(); pass++) {
          items.infer(scope, pass, seed);
        }
        value = items.loss(loss);
      }
      double[][] gradients = items.gradients(value);
      for (int i = 0; i < items.count(); i++) {
        try (NDManager inner = scope.newSubManager()) {
          items.backward(inner, items.forward(inner, i, seed), i, gradients);
        }
      }
      return value.sum();
    }
  }
}
