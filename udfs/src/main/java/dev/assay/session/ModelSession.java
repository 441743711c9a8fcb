package dev.assay.session;

import dev.assay.image.ImageDecoder;
import dev.assay.item.Item;
import dev.assay.model.ImageFeatures;
import dev.assay.model.TaskMemory;
import dev.assay.model.VisionLanguageModel;
import dev.assay.prompt.PromptEncoder;

/**
 * One task's use of a {@link LoadedCheckpoint}: the prompt encoder with the task's limit on images,
 * and the images that the task has seen. Not thread-safe.
 */
public final class ModelSession implements TaskModel {
  /** Enough to keep a CPU or GPU busy; a pass takes a few kilobytes a patch. */
  private static final int PATCHES_PER_PASS = 4096;

  /** What one task may hold: some 2,300 images of 336 x 336 of a 2B model. */
  private static final long KEPT_BYTES = 1L << 30;

  private final LoadedCheckpoint checkpoint;
  private final Limits limits;
  private final PromptEncoder encoder;
  private final ImageFeatures images;

  /** Opens a session. Closing it leaves the checkpoint open. */
  public ModelSession(LoadedCheckpoint checkpoint, Limits limits) {
    this.checkpoint = checkpoint;
    this.limits = limits;
    PromptEncoder shared = checkpoint.encoder();
    encoder = shared.withImages(shared.images(), new ImageDecoder(limits.maxImagePixels()));
    images =
        new ImageFeatures(
            checkpoint.model(), encoder::patches, PATCHES_PER_PASS, new TaskMemory(KEPT_BYTES));
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

  public ImageFeatures images() {
    return images;
  }

  @Override
  public void prepare(Item item) {
    if (item.image() != null) {
      images.prepare(item.image());
    }
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
