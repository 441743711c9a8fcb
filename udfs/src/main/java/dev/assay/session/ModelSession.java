package dev.assay.session;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.image.ImageDecoder;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.Past;
import dev.assay.model.VisionLanguageModel;
import dev.assay.model.features.DecodingAhead;
import dev.assay.model.features.ImageFeatures;
import dev.assay.model.features.ImageUse;
import dev.assay.model.features.SharedImages;
import dev.assay.model.features.TaskImages;
import dev.assay.model.features.TaskMemory;
import dev.assay.model.tokens.Segment;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence.ImageSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One task's use of a {@link LoadedCheckpoint}: the prompt encoder with the task's limit on images,
 * and what the task keeps in memory. Not thread-safe.
 */
public final class ModelSession implements TaskModel {
  /** Enough to keep a CPU or GPU busy; a pass takes a few kilobytes a patch. */
  private static final int PATCHES_PER_PASS = 4096;

  /**
   * What one task keeps of images and pasts: features of some 2,300 images of 336 x 336 of a 2B
   * model. It is not a setting, because results do not depend on it, and the weights of a model
   * take several times as much.
   */
  private static final long KEPT_BYTES = 1L << 30;

  /** The same for a task that shares its features with others: decoded images and pasts. */
  private static final long KEPT_BESIDE_FEATURES = 1L << 27;

  /** Images that other threads have decoded for a task: five of a megapixel. */
  private static final long DECODED_AHEAD = 1L << 27;

  private final LoadedCheckpoint checkpoint;
  private final Limits limits;
  private final PromptEncoder encoder;
  private final TaskMemory memory;
  private final DecodingAhead decoding;
  private final Function<String, Grid> known; // of images that need not be decoded
  private final TaskImages images;

  /** Opens a session. Closing it leaves the checkpoint open. */
  public ModelSession(LoadedCheckpoint checkpoint, Limits limits) {
    this(checkpoint, limits, new TaskMemory(KEPT_BYTES));
  }

  /**
   * Opens a session.
   *
   * @param memory what images and pasts count against; results do not depend on its limit
   */
  public ModelSession(LoadedCheckpoint checkpoint, Limits limits, TaskMemory memory) {
    this(
        checkpoint,
        limits,
        memory,
        key -> null,
        patches -> new ImageFeatures(checkpoint.model(), patches, PATCHES_PER_PASS, memory));
  }

  private ModelSession(
      LoadedCheckpoint checkpoint,
      Limits limits,
      TaskMemory memory,
      Function<String, Grid> known,
      Function<Function<EncodedImage, Patches>, TaskImages> images) {
    this.memory = memory;
    this.checkpoint = checkpoint;
    this.limits = limits;
    PromptEncoder shared = checkpoint.encoder();
    encoder = shared.withImages(shared.images(), new ImageDecoder(limits.maxImagePixels()));
    decoding = new DecodingAhead(encoder::patches, DECODED_AHEAD);
    this.known = known;
    this.images = images.apply(decoding::take);
  }

  /**
   * Opens a session that shares the features of images with other sessions of this kind. Each image
   * goes through the vision tower alone.
   *
   * @param use is told of every image that is used
   */
  public static ModelSession sharing(LoadedCheckpoint checkpoint, Limits limits, ImageUse use) {
    TaskMemory memory = new TaskMemory(KEPT_BESIDE_FEATURES);
    return new ModelSession(
        checkpoint,
        limits,
        memory,
        checkpoint.features()::grid,
        patches -> new SharedImages(checkpoint.features(), patches, memory, use));
  }

  public VisionLanguageModel model() {
    return checkpoint.model();
  }

  public CheckpointIdentity identity() {
    return checkpoint.identity();
  }

  public Limits limits() {
    return limits;
  }

  public PromptEncoder encoder() {
    return encoder;
  }

  public TaskImages images() {
    return images;
  }

  /**
   * Computes the keys and values of a beginning that others share. They count against the task's
   * memory until they are closed.
   *
   * @param before the past of the tokens before the segment; null if there are none
   * @return the past of all tokens so far, owned by {@code scope}
   */
  public Past past(NDManager scope, Segment segment, Past before) {
    images.require(images(List.of(segment)));
    long bytes = model().pastBytes(segment.to());
    memory.reserve(bytes);
    try {
      return model().past(scope, segment, before, images::of).whenFreed(() -> memory.free(bytes));
    } catch (RuntimeException | Error e) {
      memory.free(bytes);
      throw e;
    }
  }

  /**
   * Runs a pack of segments, each of which sees the past and itself.
   *
   * @param past of the tokens before each segment, which all share; null if there are none
   * @return the last token's normed hidden state of each: {@code [segments, hidden]}, float32
   */
  public NDArray lastHidden(NDManager scope, List<Segment> pack, Past past) {
    images.require(images(pack));
    return model().lastHidden(scope, pack, past, images::of);
  }

  private static List<EncodedImage> images(List<Segment> pack) {
    List<EncodedImage> images = new ArrayList<>();
    for (Segment segment : pack) {
      for (ImageSpan span : segment.tokens().images()) {
        if (span.start() >= segment.from() && span.start() < segment.to()) {
          images.add(span.image());
        }
      }
    }
    return images;
  }

  /** How an image is cut into patches; decodes it unless that was done before. */
  public Grid grid(EncodedImage image) {
    Grid grid = images.grid(image);
    decoding.forget(image.key());
    return grid;
  }

  @Override
  public void prepare(Item item) {
    if (item.image() != null) {
      grid(item.image());
    }
  }

  @Override
  public void ahead(Item item) {
    if (item.image() != null && known.apply(item.image().key()) == null) {
      decoding.decode(item.image());
    }
  }

  /** As {@link #grid}, for any thread: null where the image was not decoded yet. */
  public Grid gridAhead(EncodedImage image) {
    Grid grid = known.apply(image.key());
    return grid == null ? decoding.grid(image.key()) : grid;
  }

  @Override
  public boolean release() {
    return images.release();
  }

  @Override
  public void close() {
    images.close();
  }
}
