package dev.assay.model.features;

/** Is told how often images are used, and how often they go through the vision tower. */
public interface ImageUse {
  /** Does not count. */
  ImageUse IGNORED =
      new ImageUse() {
        @Override
        public void encoded(String key) {}

        @Override
        public void reused(String key) {}
      };

  /**
   * An image went through the vision tower.
   *
   * @param key of the image
   */
  void encoded(String key);

  /** An image was needed, and its features were there. */
  void reused(String key);
}
