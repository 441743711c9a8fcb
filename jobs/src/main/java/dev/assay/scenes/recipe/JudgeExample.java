package dev.assay.scenes.recipe;

import dev.assay.item.EncodedImage;
import dev.assay.scenes.Caption;
import dev.assay.scenes.Change;
import dev.assay.scenes.Scene;
import java.util.List;

/** Something that the judge of Scenes learns from. */
sealed interface JudgeExample {
  /** A scene and how it was drawn. */
  record Picture(Scene scene, EncodedImage image) {}

  /** An image and statements about it. */
  record Captions(Picture picture, List<Statement> statements) implements JudgeExample {}

  /**
   * A statement about an image.
   *
   * @param holds whether it is true
   * @param trueWords how many words can be read before it is certain that it is not
   */
  record Statement(Caption caption, boolean holds, int trueWords) {}

  /**
   * An image, a wish for a change, and images that may be what is wished for.
   *
   * @param wanted the scene that is wished for
   */
  record Changes(Picture picture, Change change, Scene wanted, List<Picture> candidates)
      implements JudgeExample {}
}
