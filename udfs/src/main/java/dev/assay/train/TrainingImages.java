package dev.assay.train;

import ai.djl.ndarray.NDArray;
import dev.assay.item.EncodedImage;
import dev.assay.model.features.ImageFeatures;
import dev.assay.model.features.PatchCache;
import dev.assay.model.features.TaskMemory;
import dev.assay.model.training.TrainableModel;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import dev.assay.prompt.PromptEncoder;
import java.util.Collection;

/**
 * The images of a replica. If the vision tower is frozen, an image goes through it once, and its
 * features are kept from step to step while there is room. If the tower is trained, an image's
 * patches are kept for one step while there is room.
 */
final class TrainingImages implements AutoCloseable {
  /** As much as a task of judge or embed keeps. */
  private static final long KEPT_BYTES = 1L << 30;

  private final TrainableModel model;
  private final ImageFeatures features; // of a frozen tower
  private final PatchCache patches; // for a trained one

  /**
   * @param visionPatches see {@link ReplicaOptions}
   */
  TrainingImages(TrainableModel model, PromptEncoder encoder, int visionPatches) {
    this.model = model;
    this.features =
        new ImageFeatures(model, encoder::patches, visionPatches, new TaskMemory(KEPT_BYTES));
    this.patches = new PatchCache(encoder::patches, new TaskMemory(KEPT_BYTES));
  }

  Grid grid(EncodedImage image) {
    return model.trainsVision() ? patches.grid(image) : features.grid(image);
  }

  Patches patches(EncodedImage image) {
    return patches.patches(image);
  }

  /** Makes the features of these images present if the vision tower is frozen. */
  void require(Collection<EncodedImage> images) {
    if (!model.trainsVision()) {
      features.require(images);
    }
  }

  NDArray features(EncodedImage image) {
    return features.of(image);
  }

  /** Ends a step. */
  void forget() {
    patches.clear();
  }

  @Override
  public void close() {
    features.close();
  }
}
