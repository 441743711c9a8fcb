package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.prompt.Patches;
import java.util.List;

/** A frozen vision tower, which turns images into features. */
public interface VisionModel {
  /** A scope on the model's device, to be closed by the caller. */
  NDManager newScope();

  /**
   * Features of images, one after the other: {@code [sum of image tokens, hidden]}.
   *
   * @return owned by {@code scope}
   */
  NDArray imageFeatures(NDManager scope, List<Patches> images);

  /** A copy that shares no memory with its source. */
  NDArray copy(NDManager scope, NDArray source);

  /** The number of patches in each direction that become one image token. */
  int merge();

  /** The precision of the features. */
  Precision precision();
}
