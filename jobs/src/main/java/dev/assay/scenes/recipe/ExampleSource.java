package dev.assay.scenes.recipe;

import dev.assay.item.EncodedImage;
import dev.assay.scenes.recipe.JudgeExample.Captions;
import dev.assay.scenes.recipe.JudgeExample.Changes;
import dev.assay.scenes.recipe.JudgeExample.Picture;
import dev.assay.scenes.recipe.JudgeExample.Statement;
import dev.assay.scenes.source.SceneSource;
import dev.assay.scenes.source.Split;
import dev.assay.scenes.world.Caption;
import dev.assay.scenes.world.Drawing;
import dev.assay.scenes.world.Scene;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Random examples. The same seed gives the same ones. */
final class ExampleSource {
  /** Captions of one image: half are true, a quarter differ in one thing, a quarter are random. */
  private static final int CAPTIONS = 6;

  /** Images for one change, in the same shares. */
  private static final int CANDIDATES = 4;

  private final SceneSource scenes;

  ExampleSource(Split split, long seed) {
    this.scenes = new SceneSource(split, seed);
  }

  Captions captions() {
    Scene scene = scenes.scene();
    List<Statement> statements = new ArrayList<>();
    for (int i = 0; i < CAPTIONS; i++) {
      Caption caption = scenes.captionOf(i % 4 == 3 ? scenes.scene() : scene);
      statements.add(statement(i % 4 == 1 ? nearMiss(caption, scene) : caption, scene));
    }
    return new Captions(picture(scene), statements);
  }

  /**
   * The same with harder captions: each false one is nearly true, most of them false in a relation.
   */
  Captions closeCaptions() {
    Scene scene = scenes.scene();
    List<Statement> statements = new ArrayList<>();
    for (int i = 0; i < CAPTIONS; i++) {
      Caption caption = scenes.captionOf(scene);
      if (i == 1) {
        caption = nearMiss(caption, scene);
      } else if (i % 2 == 1) {
        caption = turned(caption);
      }
      statements.add(statement(caption, scene));
    }
    return new Captions(picture(scene), statements);
  }

  private static Statement statement(Caption caption, Scene scene) {
    return new Statement(caption, caption.isTrueOf(scene), TruePrefix.of(caption, scene));
  }

  private Caption nearMiss(Caption caption, Scene scene) {
    return scenes.nearMissOf(caption, scene).orElse(caption);
  }

  /** The caption with its two objects swapped, or with the inverse relation. */
  private Caption turned(Caption caption) {
    if (caption.relation() == null) {
      return caption;
    }
    return scenes.pick(
        List.of(
            new Caption(caption.second(), caption.relation(), caption.first()),
            new Caption(caption.first(), caption.relation().inverse(), caption.second())));
  }

  Changes changes() {
    SceneSource.Wish wish = scenes.wish();
    Scene wanted = wish.wanted();
    List<Picture> candidates = new ArrayList<>();
    for (int i = 0; i < CANDIDATES; i++) {
      Scene shown = scenes.rearranged(wanted).orElse(wanted);
      if (i == 1) {
        Scene met = shown;
        shown = scenes.nearMissOf(met).filter(s -> !wanted.isMetBy(s)).orElse(met);
      } else if (i == 3) {
        shown = scenes.pick(List.of(wish.scene(), scenes.scene(2)));
      }
      candidates.add(picture(shown));
    }
    return new Changes(picture(wish.scene()), wish.change(), wanted, candidates);
  }

  /** A scene, and a caption that is true of it. */
  Captions caption() {
    Scene scene = scenes.scene();
    Caption caption = scenes.captionOf(scene);
    return new Captions(picture(scene), List.of(new Statement(caption, true, 0)));
  }

  /** A scene with a change, and an image of the changed scene. */
  Changes change() {
    SceneSource.Wish wish = scenes.wish();
    Scene shown = scenes.rearranged(wish.wanted()).orElse(wish.wanted());
    return new Changes(
        picture(wish.scene()), wish.change(), wish.wanted(), List.of(picture(shown)));
  }

  private Picture picture(Scene scene) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      ImageIO.write(
          Drawing.of(scene, scenes.imageRandom()), "bmp", file); // fast to encode, and not stored
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Picture(scene, EncodedImage.of(file.toByteArray()));
  }
}
