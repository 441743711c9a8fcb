package dev.assay.scenes.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.scenes.recipe.TruePrefix;
import dev.assay.scenes.world.Caption;
import dev.assay.scenes.world.Difference;
import dev.assay.scenes.world.Scene;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Rules that hold for whatever is drawn. */
class SceneSourceTest {
  private static final int DRAWS = 200;

  @RepeatedTest(5)
  void drawnPositivesMatchAndDrawnNearMissesDoNot(RepetitionInfo seed) {
    SceneSource source = new SceneSource(Split.HELD_OUT, seed.getCurrentRepetition());
    for (int i = 0; i < DRAWS; i++) {
      Scene scene = source.scene();
      Caption caption = source.captionOf(scene);
      assertTrue(caption.isTrueOf(scene), () -> caption.words() + " / " + scene.words());
      assertTrue(caption.isTrueOf(source.sceneOf(caption)));
      source.rearranged(scene).ifPresent(other -> assertTrue(scene.isMetBy(other)));
      source.nearMissOf(scene).ifPresent(other -> assertFalse(scene.isMetBy(other)));
      source.nearMissOf(caption, scene).ifPresent(other -> assertFalse(other.isTrueOf(scene)));
      source.nearMissOf(scene, caption).ifPresent(other -> assertFalse(caption.isTrueOf(other)));
    }
  }

  @RepeatedTest(5)
  void aDifferenceIsEmptyOnlyBetweenEqualScenes(RepetitionInfo seed) {
    SceneSource source = new SceneSource(Split.HELD_OUT, seed.getCurrentRepetition());
    for (int i = 0; i < DRAWS; i++) {
      Scene scene = source.scene();
      Scene other = i % 2 == 0 ? source.scene() : source.nearMissOf(scene).orElse(scene);
      Caption caption = source.captionOf(other);
      assertEquals(caption.isTrueOf(scene), Difference.of(caption, scene).isEmpty());
      assertEquals(scene.isMetBy(other), Difference.of(scene, other).isEmpty());
      int words = caption.words().split(" ", -1).length;
      assertEquals(caption.isTrueOf(scene), TruePrefix.of(caption, scene) == words);
    }
  }

  @RepeatedTest(5)
  void aChangeNamesOneObjectAndMakesAnotherScene(RepetitionInfo seed) {
    SceneSource source = new SceneSource(Split.HELD_OUT, seed.getCurrentRepetition());
    for (int i = 0; i < DRAWS; i++) {
      SceneSource.Wish wish = source.wish();
      Scene scene = wish.scene();
      assertEquals(1, scene.objects().stream().filter(wish.change().target()::fits).count());
      assertEquals(wish.wanted(), wish.change().applyTo(scene).orElseThrow());
      assertFalse(wish.wanted().isMetBy(scene), () -> scene.words() + wish.change().words());
      assertTrue(Split.HELD_OUT.contains(wish.wanted()));
    }
  }
}
