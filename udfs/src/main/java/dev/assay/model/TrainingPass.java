package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.item.EncodedImage;
import dev.assay.prompt.Patches;
import java.util.List;
import java.util.function.Function;

/** Some rows on their way through a model and back. Good for one of each. */
public final class TrainingPass {
  private final TrainableModel model;
  private final NDManager scope;
  private final Autograd autograd;
  private final SequencePack pack;
  private final LayerStack vision; // null where the features are given
  private final LayerStack decoder;
  private final NDArray patches;
  private final NDArray given;
  private NDArray features;
  private NDArray embedded;

  /**
   * @param at the tokens whose hidden states are asked for, counted over all rows
   * @param images what each image is cut into; asked where the vision tower is trained
   * @param given features of each image; asked where it is not
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
        this.vision =
            new LayerStack(
                autograd,
                model.visionLayers(scope, cut),
                options.recompute(),
                layer -> model.seedDropout(options.seed(), "vision", layer));
        this.given = null;
      } else {
        this.patches = null;
        this.vision = null;
        this.given = model.together(scope, pack.images().stream().map(given).toList());
      }
      this.decoder =
          new LayerStack(
              autograd,
              model.decoderLayers(scope, pack, at),
              options.recompute(),
              layer -> model.seedDropout(options.seed(), "decoder", layer));
    }
  }

  /**
   * How a pass is made.
   *
   * @param seed of what is left to chance (dropout): the same seed, the same result
   * @param recompute whether to keep only each layer's input and compute the rest again
   */
  public record PassOptions(long seed, boolean recompute) {}

  /** Where each row begins, counted over all rows. */
  public static int[] starts(List<TrainingSequence> rows) {
    int[] starts = new int[rows.size()];
    for (int r = 1; r < starts.length; r++) {
      starts[r] = starts[r - 1] + rows.get(r - 1).length();
    }
    return starts;
  }

  /** Normed hidden states {@code [at, hidden]} in float32; there is no way back. */
  public NDArray infer() {
    try (Autograd.Mode off = autograd.off()) {
      NDArray seen = vision == null ? given : vision.infer(scope, patches);
      try (NDArray x = model.embed(scope, pack, seen)) {
        return decoder.infer(scope, x);
      }
    }
  }

  /** The same, with a way back. */
  public NDArray forward() {
    boolean below = vision != null || model.trainsEmbedding();
    features = vision == null ? given : vision.forward(scope, patches, false);
    features.setRequiresGradient(vision != null);
    try (Autograd.Mode mode = below ? autograd.on() : autograd.off()) {
      embedded = model.embed(scope, pack, features);
    }
    return decoder.forward(scope, below ? autograd.apart(scope, embedded) : embedded, below);
  }

  /**
   * Adds to the gradients of the model's parameters.
   *
   * @param upstream {@code [at, hidden]}: the gradient at what {@link #forward} gave
   */
  public void backward(NDArray upstream) {
    NDArray x = decoder.backward(scope, upstream);
    if (x == null) {
      return;
    }
    autograd.backward(embedded, x);
    if (vision != null) {
      vision.backward(scope, autograd.gradient(scope, features));
    }
  }
}
