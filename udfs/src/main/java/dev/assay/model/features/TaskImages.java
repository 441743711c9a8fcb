package dev.assay.model.features;

import ai.djl.ndarray.NDArray;
import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import java.util.Collection;

/** The images of one task, as its model uses them. Not thread-safe. */
public interface TaskImages extends AutoCloseable {
  /**
   * How an image is cut into patches; decodes it unless that was done before.
   *
   * @throws dev.assay.item.BadItemException if it cannot be used
   */
  Grid grid(EncodedImage image);

  /** Makes the features of all these images present, until the next call. */
  void require(Collection<EncodedImage> images);

  /** Features of an image that was {@linkplain #require required}: {@code [tokens, hidden]}. */
  NDArray of(EncodedImage image);

  /**
   * Features that were looked for.
   *
   * @param found null if there are none
   * @throws IllegalStateException if the image was not required
   */
  static NDArray required(EncodedImage image, NDArray found) {
    if (found == null) {
      throw new IllegalStateException("Image " + image.key() + " was not required");
    }
    return found;
  }

  /** Images that this task has sent through the vision tower so far. */
  long passes();

  /**
   * Gives back the device memory of features that are kept for later calls; they are computed again
   * when they are required.
   *
   * @return whether there was any
   */
  boolean release();

  @Override
  void close();
}
