package dev.assay.train;

import ai.djl.ndarray.NDArray;
import dev.assay.item.EncodedImage;
import dev.assay.model.ImageFeatures;
import dev.assay.model.TrainableModel;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import dev.assay.prompt.PromptEncoder;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The images of a replica. Where the vision tower stays as it is, an image goes through it once and
 * its features are kept from step to step as long as there is room; where it is trained, what an
 * image is cut into is kept for one step.
 */
final class TrainingImages implements AutoCloseable {
  private static final long FEATURE_BYTES = 1L << 30;

  private final TrainableModel model;
  private final PromptEncoder encoder;
  private final ImageFeatures features;
  private final Map<String, Patches> patches = new HashMap<>();

  /**
   * @param visionPatches see {@link ReplicaOptions}
   */
  TrainingImages(TrainableModel model, PromptEncoder encoder, int visionPatches) {
    this.model = model;
    this.encoder = encoder;
    this.features = new ImageFeatures(model, encoder::patches, visionPatches, FEATURE_BYTES);
  }

  Grid grid(EncodedImage image) {
    return model.trainsVision() ? patches(image).grid() : features.grid(image);
  }

  Patches patches(EncodedImage image) {
    return patches.computeIfAbsent(image.key(), key -> encoder.patches(image));
  }

  /** Makes the features of these images present, where they will be asked for. */
  void require(Collection<EncodedImage> images) {
    if (!model.trainsVision()) {
      features.require(images);
    }
  }

  NDArray features(EncodedImage image) {
    return features.of(image);
  }

  /** The step is done. */
  void forget() {
    patches.clear();
  }

  @Override
  public void close() {
    features.close();
  }
}
