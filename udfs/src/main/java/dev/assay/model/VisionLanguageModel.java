package dev.assay.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.checkpoint.config.ModelConfig;
import dev.assay.checkpoint.weights.OutputHead;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.item.EncodedImage;
import dev.assay.kernels.Kernels;
import dev.assay.model.tokens.Segment;
import dev.assay.model.tokens.SegmentPack;
import dev.assay.prompt.Patches;
import java.util.List;
import java.util.function.Function;

/**
 * A Qwen2-VL or Qwen2.5-VL on one device. Its weights never change. Thread-safe, if each thread has
 * scopes of its own.
 */
public final class VisionLanguageModel implements VisionModel, AutoCloseable {
  private final CheckpointFolder folder;
  private final ModelConfig config;
  private final TensorIndex index;
  private final Precision precision;
  private final NDManager owner;
  private final NDManager host;
  private final Kernels kernels;
  private final Weights weights;
  private final VisionTower vision;
  private final Decoder decoder;

  private VisionLanguageModel(
      CheckpointFolder folder,
      ModelConfig config,
      TensorIndex index,
      Device device,
      Precision precision) {
    this.folder = folder;
    this.config = config;
    this.index = index;
    this.precision = precision;
    this.owner = NDManager.newBaseManager(device, "PyTorch");
    this.host = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    this.kernels = Kernels.on(device);
    try {
      this.weights = new Weights(index, kernels, owner, precision);
      this.vision =
          new VisionTower(config.family(), config.vision(), weights, weights.like(), owner);
      this.decoder = new Decoder(config.decoder(), weights, weights.like(), owner, host);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Loads a checkpoint.
   *
   * @throws CheckpointException if it is another architecture, or a tensor is missing, misshapen or
   *     cut off
   */
  public static VisionLanguageModel load(
      CheckpointFolder folder, Device device, Precision precision) {
    ModelConfig config = ModelConfig.of(folder);
    TensorIndex index = check(folder, config);
    return new VisionLanguageModel(folder, config, index, device, precision);
  }

  /**
   * Refuses a checkpoint that {@link #load} would refuse, from its headers alone.
   *
   * @throws CheckpointException as {@link #load} does
   */
  public static void check(CheckpointFolder folder) {
    check(folder, ModelConfig.of(folder));
  }

  /**
   * Refuses a checkpoint that has no output head to judge or rerank with.
   *
   * @throws CheckpointException as {@link #outputRows} does
   */
  public static void checkHead(CheckpointFolder folder) {
    OutputHead.of(folder, ModelConfig.of(folder).decoder(), TensorIndex.of(folder));
  }

  private static TensorIndex check(CheckpointFolder folder, ModelConfig config) {
    TensorIndex index = TensorIndex.of(folder);
    TensorSource headers =
        (name, shape) -> {
          index.check(name, shape);
          return null;
        };
    VisionTower.Parameters.of(config.family(), config.vision(), headers);
    Decoder.Parameters.of(config.decoder(), headers);
    return index;
  }

  public ModelConfig config() {
    return config;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public NDManager newScope() {
    return owner.newSubManager();
  }

  @Override
  public NDArray imageFeatures(NDManager scope, List<Patches> images) {
    return vision.forward(scope, kernels, images);
  }

  @Override
  public int merge() {
    return config.vision().merge();
  }

  @Override
  public NDArray copy(NDManager scope, NDArray source) {
    return kernels.apply(scope, "copy", source);
  }

  /**
   * Rows of the output head in float32: {@code [ids, hidden]}. A dot product with a hidden state is
   * that token's logit.
   *
   * @return owned by the model
   * @throws CheckpointException if the checkpoint has no head, or it is not clear which one
   */
  public NDArray outputRows(long... ids) {
    String head = OutputHead.of(folder, config.decoder(), index);
    return weights.float32Rows(head, config.decoder().vocabulary(), config.decoder().hidden(), ids);
  }

  /**
   * Computes the keys and values of a beginning that others share.
   *
   * @param before the past of the tokens before the segment; null if there are none
   * @param features {@code [image tokens, hidden]} of each image of the segment
   * @return the past of all tokens so far, owned by {@code scope}
   */
  public Past past(
      NDManager scope, Segment segment, Past before, Function<EncodedImage, NDArray> features) {
    SegmentPack pack = SegmentPack.of(List.of(segment));
    NDArray x = embed(scope, pack, features);
    return new Past(decoder.keysAndValues(scope, kernels, x, pack, before), segment.to());
  }

  /** The bytes that a past of so many tokens takes. */
  public long pastBytes(int tokens) {
    DecoderConfig decoder = config.decoder();
    long numbers = 2L * decoder.layers() * decoder.keyValueHeads() * decoder.headWidth() * tokens;
    return numbers * precision.bytes();
  }

  /**
   * Runs a pack of segments, each of which sees the past and itself.
   *
   * @param past of the tokens before each segment's {@code from}, which all share; null if there
   *     are none
   * @return the last token's normed hidden state of each: {@code [segments, hidden]}, float32
   */
  public NDArray lastHidden(
      NDManager scope, List<Segment> pack, Past past, Function<EncodedImage, NDArray> features) {
    SegmentPack tokens = SegmentPack.of(pack);
    NDArray x = embed(scope, tokens, features);
    return decoder.lastHidden(scope, kernels, x, tokens, past);
  }

  /** Token embeddings, and features of images in their places: {@code [tokens, hidden]}. */
  private NDArray embed(
      NDManager scope, SegmentPack pack, Function<EncodedImage, NDArray> features) {
    NDArray x = decoder.embed(scope, kernels, pack.ids());
    if (pack.images().isEmpty()) {
      return x;
    }
    NDList images = new NDList(pack.images().stream().map(features).toList());
    try (NDArray where = scope.create(pack.imageAt())) {
      return kernels.apply(scope, "place", x, where, images);
    } finally {
      x.close();
    }
  }

  @Override
  public void close() {
    owner.close();
    host.close();
    kernels.close();
  }
}
