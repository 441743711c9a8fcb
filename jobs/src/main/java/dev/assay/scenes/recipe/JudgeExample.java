package dev.assay.scenes.recipe;

import dev.assay.item.EncodedImage;
import dev.assay.scenes.world.Caption;
import dev.assay.scenes.world.Change;
import dev.assay.scenes.world.Scene;
import java.util.List;

/** A training example for the judge of Scenes. */
sealed interface JudgeExample {
  /** A scene and its image. */
  record Picture(Scene scene, EncodedImage image) {}

  /** An image and statements about it. */
  record Captions(Picture picture, List<Statement> statements) implements JudgeExample {}

  /**
   * A statement about an image.
   *
   * @param holds whether it is true
   * @param trueWords the number of words after which it can still be true
   */
  record Statement(Caption caption, boolean holds, int trueWords) {}

  /**
   * An image, a change, and images that may show the changed scene.
   *
   * @param wanted the changed scene
   */
  record Changes(Picture picture, Change change, Scene wanted, List<Picture> candidates)
      implements JudgeExample {}
}
