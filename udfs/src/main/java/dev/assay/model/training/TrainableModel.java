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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

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
  private final List<NDArray> trained;
  private final NDArray like;
  private final Numbers numbers;
  private final String headName; // null for Output.HIDDEN_STATES
  private final HeldGradients gradients;
  private final double dropout;
  private final VisionTower vision;
  private final Decoder decoder;
  private final NDArray head; // null for Output.HIDDEN_STATES
  private final TokenTable tokens;
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
      long seed,
      Path gradientFolder) {
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
      this.headName =
          output == Output.HIDDEN_STATES ? null : OutputHead.of(folder, config.decoder(), index);
      this.numbers = new Numbers(kernels, host);
      // A head says tokens in float32, whatever the layers compute in.
      Predicate<String> rounded = name -> gradientFolder != null && !name.equals(headName);
      this.weights = new TrainedWeights(frozen, master, tuning, rounded, owner, host, seed);
      this.vision = new VisionTower(config.family(), config.vision(), weights, like, owner);
      this.decoder = new Decoder(config.decoder(), weights, like, owner, host);
      this.head =
          headName == null
              ? null
              : weights.tensor(headName, config.decoder().vocabulary(), config.decoder().hidden());
      if (weights.trained().isEmpty()) {
        String what = lora == null ? "no tensor" : "no linear layer";
        throw new CheckpointException(
            "Cannot train " + folder + ": " + what + " matches " + tuning);
      }
      this.trained = List.copyOf(weights.trained().values());
      this.gradients =
          gradientFolder == null
              ? new GradientsInMemory(trained, autograd, numbers)
              : new GradientsOnDisk(
                  parameters(),
                  trained,
                  autograd,
                  kernels,
                  numbers,
                  new GradientFile(gradientFolder, parameters()));
      NDArray table = decoder.embedding();
      this.tokens =
          new TokenTable(table, trained.indexOf(table), like, kernels, autograd, gradients);
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
   * @param gradientFolder a local folder where gradients are summed in a file, while trained
   *     tensors are kept in the precision of the computation; results have the same bits. null: the
   *     gradients are in memory, and trained tensors in float32
   * @throws CheckpointException if it cannot be used, or nothing of it is trained
   */
  public static TrainableModel load(
      CheckpointFolder folder,
      Device device,
      Precision precision,
      Tuning tuning,
      Output output,
      long seed,
      Path gradientFolder) {
    return new TrainableModel(folder, device, precision, tuning, output, seed, gradientFolder);
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

  /** The values before the first step. */
  public float[][] initialValues(List<Piece> pieces) {
    List<Parameter> parameters = parameters();
    float[][] values = new float[pieces.size()][];
    try (Autograd.Mode off = autograd.off()) {
      for (int i = 0; i < values.length; i++) {
        Piece piece = pieces.get(i);
        Parameter parameter = parameters.get(piece.parameter());
        NDArray kept = trained.get(piece.parameter());
        if (weights.isExact(parameter)) {
          values[i] = numbers.of(kept, piece.from(), piece.to());
        } else {
          try (NDArray exact = weights.float32(parameter)) {
            values[i] = numbers.of(exact, piece.from(), piece.to());
          }
        }
      }
    }
    return values;
  }

  /** Sets some values. With the first number of a parameter all of its gradient is cleared. */
  public void set(List<Piece> pieces, float[][] values) {
    try (Autograd.Mode off = autograd.off()) {
      for (int i = 0; i < values.length; i++) {
        Piece piece = pieces.get(i);
        if (piece.from() == 0) {
          gradients.clear(piece.parameter());
        }
        numbers.set(trained.get(piece.parameter()), piece.from(), values[i]);
      }
    }
  }

  /**
   * The gradients that were summed since they were last taken or set. With the last number of a
   * parameter all of its gradient is cleared.
   */
  public float[][] takeGradients(List<Piece> pieces) {
    try (Autograd.Mode off = autograd.off()) {
      return pieces.stream().map(gradients::take).toArray(float[][]::new);
    }
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
      NDArray one = inner.ones(sum.getShape());
      gradients.backward(headName::equals, () -> autograd.backward(sum, one));
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

  TokenTable tokens() {
    return tokens;
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

  /**
   * What is done around the passes of a tower's layers.
   *
   * @param seed of the pass
   */
  LayerStack.Around around(Tower tower, int layers, long seed) {
    return new LayerStack.Around() {
      @Override
      public void seed(int layer) {
        if (dropout > 0) {
          autograd.seed(Seeds.mix(seed, tower.word(), layer) >>> 1);
        }
      }

      @Override
      public void backward(int layer, Runnable pass) {
        gradients.backward(tower.tensors(layer, layers), pass);
      }

      @Override
      public void backward(Runnable pass) {
        gradients.backward(tower.tensors(), pass);
      }
    };
  }

  @Override
  public void close() {
    if (gradients != null) { // the constructor failed before
      gradients.close();
    }
    owner.close();
    host.close();
    kernels.close();
  }
}
