package dev.assay.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.image.ImageDecoder;
import dev.assay.item.EncodedImage;
import dev.assay.model.Precision;
import dev.assay.model.tokens.Packs;
import dev.assay.model.tokens.TrainingSequence;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.TrainableModel;
import dev.assay.model.training.TrainingPass;
import dev.assay.model.training.Tuning;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence.ImageSpan;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A checkpoint in training: the model, its prompt encoder, and the images of the replica. */
final class TrainedCheckpoint implements AutoCloseable {
  private final PromptEncoder encoder;
  private final TrainableModel model;
  private final TrainingImages images;
  private final ReplicaOptions options;

  private TrainedCheckpoint(PromptEncoder encoder, TrainableModel model, ReplicaOptions options) {
    this.encoder = encoder.withImages(encoder.images(), new ImageDecoder(options.maxImagePixels()));
    this.model = model;
    this.images = new TrainingImages(model, this.encoder, options.visionPatches());
    this.options = options;
  }

  static TrainedCheckpoint load(
      CheckpointFolder folder,
      Device device,
      Precision precision,
      Tuning tuning,
      TrainableModel.Output output,
      long seed,
      ReplicaOptions options) {
    PromptEncoder encoder = PromptEncoder.of(folder);
    try {
      return new TrainedCheckpoint(
          encoder,
          TrainableModel.load(
              folder, device, precision, tuning, output, seed, options.gradientFolder()),
          options);
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  PromptEncoder encoder() {
    return encoder;
  }

  TrainableModel model() {
    return model;
  }

  TrainingImages images() {
    return images;
  }

  List<Parameter> parameters() {
    return model.parameters();
  }

  /** Cuts rows, in the given order, into passes of at most the tokens that are allowed. */
  List<List<Integer>> passes(List<TrainingSequence> rows, List<Integer> order) {
    return Packs.of(order, row -> rows.get(row).length(), options.maxTokens());
  }

  int maxTokens() {
    return options.maxTokens();
  }

  /**
   * A pass of some rows.
   *
   * @param at the tokens whose hidden states are needed, counted over all rows
   */
  TrainingPass pass(NDManager scope, List<TrainingSequence> rows, long[] at, long seed) {
    Set<EncodedImage> needed = new LinkedHashSet<>();
    for (TrainingSequence row : rows) {
      row.tokens().images().stream().map(ImageSpan::image).forEach(needed::add);
    }
    images.require(needed);
    return model.pass(
        scope,
        rows,
        at,
        new TrainingPass.PassOptions(seed, options.recompute()),
        images::patches,
        images::features);
  }

  @Override
  public void close() {
    images.close();
    model.close();
    encoder.close();
  }
}
