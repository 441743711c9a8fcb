package dev.assay.model.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.config.ModelConfig;
import dev.assay.checkpoint.weights.OutputHead;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.item.EncodedImage;
import dev.assay.kernels.Kernels;
import dev.assay.model.Decoder;
import dev.assay.model.Layer;
import dev.assay.model.Precision;
import dev.assay.model.VisionModel;
import dev.assay.model.VisionTower;
import dev.assay.model.Weights;
import dev.assay.model.tokens.SequencePack;
import dev.assay.model.tokens.TrainingSequence;
import dev.assay.prompt.Patches;
import dev.assay.random.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A Qwen2-VL or Qwen2.5-VL on one device whose parameters or adapters are trained. It computes
 * gradients; the caller takes the steps. Not thread-safe.
 */
public final class TrainableModel implements VisionModel, AutoCloseable {
  private final ModelConfig config;
  private final Precision precision;
  private final NDManager owner;
  private final NDManager host;
  private final Kernels kernels;
  private final Autograd autograd = new Autograd();
  private final TrainedWeights weights;
  private final NDArray like;
  private final double dropout;
  private final VisionTower vision;
  private final Decoder decoder;
  private final NDArray head; // null for Output.HIDDEN_STATES
  private final boolean trainsVision;

  /** What a model computes. */
  public enum Output {
    /** Hidden states alone. The output head is neither loaded nor trained. */
    HIDDEN_STATES,
    /** The next token. */
    TOKENS
  }

  private TrainableModel(
      CheckpointFolder folder,
      Device device,
      Precision precision,
      Tuning tuning,
      Output output,
      long seed) {
    this.config = ModelConfig.of(folder);
    this.precision = precision;
    TensorIndex index = TensorIndex.of(folder);
    this.owner = NDManager.newBaseManager(device, "PyTorch");
    this.host = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    this.kernels = Kernels.on(device).withGradient();
    try (Autograd.Mode off = autograd.off()) {
      Weights frozen = new Weights(index, kernels, owner, precision);
      Weights master = new Weights(index, kernels, owner, Precision.FLOAT32);
      this.like = frozen.like();
      LoraConfig lora = tuning instanceof Tuning.Lora l ? l.config() : null;
      this.dropout = lora == null ? 0 : lora.dropout();
      this.weights = new TrainedWeights(frozen, master, tuning, owner, host, seed);
      this.vision = new VisionTower(config.family(), config.vision(), weights, like, owner);
      this.decoder = new Decoder(config.decoder(), weights, like, owner, host);
      this.head =
          output == Output.HIDDEN_STATES
              ? null
              : weights.tensor(
                  OutputHead.of(folder, config.decoder(), index),
                  config.decoder().vocabulary(),
                  config.decoder().hidden());
      if (weights.trained().isEmpty()) {
        String what = lora == null ? "no tensor" : "no linear layer";
        throw new CheckpointException(
            "Cannot train " + folder + ": " + what + " matches " + tuning);
      }
      this.trainsVision = parameters().stream().anyMatch(p -> p.name().startsWith("visual."));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Loads a checkpoint for training.
   *
   * @param seed of the initial values of adapters
   * @throws CheckpointException if it cannot be used, or nothing of it is trained
   */
  public static TrainableModel load(
      CheckpointFolder folder,
      Device device,
      Precision precision,
      Tuning tuning,
      Output output,
      long seed) {
    return new TrainableModel(folder, device, precision, tuning, output, seed);
  }

  public ModelConfig config() {
    return config;
  }

  @Override
  public NDManager newScope() {
    return owner.newSubManager();
  }

  /** The trained parameters, always in the same order. */
  public List<Parameter> parameters() {
    return List.copyOf(weights.trained().keySet());
  }

  /** The values of the parameters from {@code first} to the one before {@code end}, row by row. */
  public float[][] values(int first, int end) {
    return trained(first, end).stream().map(NDArray::toFloatArray).toArray(float[][]::new);
  }

  /** Sets the values of the parameters from {@code first} on, and clears their gradients. */
  public void set(int first, float[][] values) {
    int p = 0;
    try (Autograd.Mode off = autograd.off();
        NDManager scope = owner.newSubManager()) {
      for (NDArray parameter : trained(first, first + values.length)) {
        try (NDArray from = scope.create(values[p++], parameter.getShape())) {
          kernels.apply(scope, "assign", parameter, from).close();
        }
        autograd.clear(parameter);
      }
    }
  }

  /**
   * The gradients of the parameters from {@code first} to the one before {@code end}, which were
   * summed since they were last taken or set. They are cleared.
   */
  public float[][] takeGradients(int first, int end) {
    float[][] gradients = new float[end - first][];
    int p = 0;
    try (NDManager scope = owner.newSubManager()) {
      for (NDArray parameter : trained(first, end)) {
        try (NDArray gradient = autograd.gradient(scope, parameter)) {
          gradients[p++] = gradient.toFloatArray();
        }
        autograd.clear(parameter);
      }
    }
    return gradients;
  }

  private List<NDArray> trained(int first, int end) {
    return weights.trained().values().stream().skip(first).limit(end - first).toList();
  }

  /**
   * A forward and backward pass of some rows.
   *
   * @param scope owns all arrays of the pass
   * @param at the tokens whose hidden states are needed, counted over all rows
   * @param images decodes an image into patches; called if the vision tower is trained
   * @param features of an image; called if the vision tower is frozen
   */
  public TrainingPass pass(
      NDManager scope,
      List<TrainingSequence> rows,
      long[] at,
      TrainingPass.PassOptions options,
      Function<EncodedImage, Patches> images,
      Function<EncodedImage, NDArray> features) {
    return new TrainingPass(this, scope, rows, at, options, images, features);
  }

  /**
   * The sum of weighted cross-entropies of some tokens, and its gradient at the hidden states. If
   * the output head is trained, its gradient is added to the parameters'. Needs {@link
   * Output#TOKENS}.
   *
   * @param hidden {@code [n, hidden]}, float32
   * @param choices the token ids to choose from; empty for the whole vocabulary
   * @param targets {@code [n]}: indices into {@code choices}, or token ids
   * @param weights {@code [n]}
   */
  public Loss crossEntropy(
      NDManager scope, NDArray hidden, long[] choices, long[] targets, float[] weights) {
    hidden.setRequiresGradient(true);
    try (Autograd.Mode on = autograd.on();
        NDManager inner = scope.newSubManager()) {
      NDArray sum =
          kernels.apply(
              inner,
              "cross_entropy",
              hidden,
              head,
              inner.create(choices),
              inner.create(targets),
              inner.create(weights));
      autograd.backward(sum, inner.ones(sum.getShape()));
      return new Loss(sum.getFloat(), autograd.gradient(scope, hidden));
    }
  }

  /**
   * A loss.
   *
   * @param sum over all targets
   * @param gradient {@code [n, hidden]}: the gradient at the hidden states
   */
  public record Loss(double sum, NDArray gradient) {}

  /** Whether the vision tower is trained, so that every pass has to run it. */
  public boolean trainsVision() {
    return trainsVision;
  }

  boolean trainsEmbedding() {
    return decoder.embedding().hasGradient();
  }

  @Override
  public NDArray imageFeatures(NDManager scope, List<Patches> images) {
    try (Autograd.Mode off = autograd.off()) {
      return vision.forward(scope, kernels, images);
    }
  }

  @Override
  public NDArray copy(NDManager scope, NDArray source) {
    try (Autograd.Mode off = autograd.off()) {
      return kernels.apply(scope, "copy", source);
    }
  }

  @Override
  public int merge() {
    return config.vision().merge();
  }

  @Override
  public Precision precision() {
    return precision;
  }

  Autograd autograd() {
    return autograd;
  }

  NDArray patches(NDManager scope, List<Patches> images) {
    return vision.patches(scope, images);
  }

  List<Layer> visionLayers(NDManager scope, List<Patches> images) {
    return vision.layers(scope, kernels, images);
  }

  /** The decoder's layers, and a last one that picks the hidden states at some tokens. */
  List<Layer> decoderLayers(NDManager scope, SequencePack pack, long[] at) {
    List<Layer> layers = new ArrayList<>(decoder.layers(scope, kernels, pack));
    NDArray index = scope.create(at);
    layers.add((s, x) -> decoder.lastHidden(s, kernels, x, index));
    return layers;
  }

  /** Features of several images as one array, which may be empty. */
  NDArray together(NDManager scope, List<NDArray> features) {
    return features.isEmpty()
        ? scope.zeros(new Shape(0, config.decoder().hidden()))
        : kernels.apply(scope, "together", new NDList(features));
  }

  /** Embeddings of a pack's tokens, with image features in place: {@code [tokens, hidden]}. */
  NDArray embed(NDManager scope, SequencePack pack, NDArray features) {
    // The arrays stay open, because the graph needs their memory.
    return kernels.apply(
        scope,
        "embed_rows",
        decoder.embedding(),
        scope.create(pack.ids()),
        scope.create(pack.imageAt()),
        features,
        scope.create(pack.imageRows()),
        like);
  }

  /**
   * Seeds the dropout of the layer that runs next, so that it drops the same whenever it runs again
   * in the same pass.
   *
   * @param pass seed of the pass
   * @param tower {@code vision} or {@code decoder}
   */
  void seedDropout(long pass, String tower, int layer) {
    if (dropout > 0) {
      autograd.seed(Seeds.mix(pass, tower, layer) >>> 1);
    }
  }

  @Override
  public void close() {
    owner.close();
    host.close();
    kernels.close();
  }
}
