package dev.assay.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.item.EncodedImage;
import dev.assay.model.Layer;
import dev.assay.model.tokens.SequencePack;
import dev.assay.model.tokens.TrainingSequence;
import dev.assay.prompt.Patches;
import java.util.List;
import java.util.function.Function;

/** A forward and a backward pass of some rows, each of which runs once. */
public final class TrainingPass {
  private final TrainableModel model;
  private final NDManager scope;
  private final Autograd autograd;
  private final SequencePack pack;
  private final LayerStack vision; // null if the vision tower is frozen
  private final LayerStack decoder;
  private final NDArray patches;
  private final NDArray given;
  private NDArray features;
  private EmbeddedTokens embedded;

  /**
   * @param at the tokens whose hidden states are needed, counted over all rows
   * @param images the patches of each image; called if the vision tower is trained
   * @param given the features of each image; called if it is frozen
   */
  TrainingPass(
      TrainableModel model,
      NDManager scope,
      List<TrainingSequence> rows,
      long[] at,
      PassOptions options,
      Function<EncodedImage, Patches> images,
      Function<EncodedImage, NDArray> given) {
    this.model = model;
    this.scope = scope;
    this.autograd = model.autograd();
    this.pack = SequencePack.of(rows);
    try (Autograd.Mode off = autograd.off()) {
      if (model.trainsVision() && !pack.images().isEmpty()) {
        List<Patches> cut = pack.images().stream().map(images).toList();
        this.patches = model.patches(scope, cut);
        this.vision = stack(Tower.VISION, model.visionLayers(scope, cut), options);
        this.given = null;
      } else {
        this.patches = null;
        this.vision = null;
        this.given = model.together(scope, pack.images().stream().map(given).toList());
      }
      this.decoder = stack(Tower.DECODER, model.decoderLayers(scope, pack, at), options);
    }
  }

  private LayerStack stack(Tower tower, List<Layer> layers, PassOptions options) {
    return new LayerStack(
        autograd, layers, options.recompute(), model.around(tower, layers.size(), options.seed()));
  }

  /**
   * How a pass computes.
   *
   * @param seed of dropout: the same seed gives the same result
   * @param recompute whether to keep only each layer's input, and compute the rest again in the
   *     backward pass
   */
  public record PassOptions(long seed, boolean recompute) {}

  /** The first token of each row, counted over all rows. */
  public static int[] starts(List<TrainingSequence> rows) {
    int[] starts = new int[rows.size()];
    for (int r = 1; r < starts.length; r++) {
      starts[r] = starts[r - 1] + rows.get(r - 1).length();
    }
    return starts;
  }

  /** Normed hidden states {@code [at, hidden]} in float32, without a backward pass to follow. */
  public NDArray infer() {
    try (Autograd.Mode off = autograd.off()) {
      NDArray seen = vision == null ? given : vision.infer(scope, patches);
      try (NDArray x = model.tokens().embedded(scope, pack, seen, false).vectors()) {
        return decoder.infer(scope, x);
      }
    }
  }

  /** The same, with {@link #backward} to follow. */
  public NDArray forward() {
    boolean below = vision != null || model.tokens().isTrained();
    features = vision == null ? given : vision.forward(scope, patches, false);
    features.setRequiresGradient(vision != null);
    try (Autograd.Mode mode = below ? autograd.on() : autograd.off()) {
      embedded = model.tokens().embedded(scope, pack, features, below);
    }
    NDArray x = embedded.vectors();
    return decoder.forward(scope, below ? autograd.detached(scope, x) : x, below);
  }

  /**
   * Adds to the gradients of the model's parameters.
   *
   * @param upstream {@code [at, hidden]}: the gradient at the result of {@link #forward}
   */
  public void backward(NDArray upstream) {
    NDArray x = decoder.backward(scope, upstream);
    if (x == null) {
      return;
    }
    model.tokens().backward(embedded, x);
    if (vision != null) {
      vision.backward(scope, autograd.gradient(scope, features));
    }
  }
}
