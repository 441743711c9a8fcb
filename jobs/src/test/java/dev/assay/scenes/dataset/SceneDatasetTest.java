package dev.assay.scenes.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.scenes.source.Split;
import dev.assay.scenes.world.Colour;
import dev.assay.scenes.world.Drawing;
import dev.assay.scenes.world.Scene;
import dev.assay.scenes.world.SceneObject;
import dev.assay.scenes.world.Shape;
import dev.assay.scenes.world.Size;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SceneDatasetTest {
  private static final SceneDataset DATASET = SceneDataset.of(Split.PIPELINE, 3, 20, 200);

  @Test
  void theSameSeedMakesTheSameDataset() {
    SceneDataset again = SceneDataset.of(Split.PIPELINE, 3, 20, 200);
    assertEquals(DATASET.queries(), again.queries());
    assertEquals(DATASET.candidates(), again.candidates());
    assertEquals(DATASET.positives(), again.positives());
    SceneDataset other = SceneDataset.of(Split.PIPELINE, 4, 20, 200);
    assertNotEquals(DATASET.queries(), other.queries());
  }

  @Test
  void everyLabelledPositiveMatches() {
    assertEquals(3 * 20, DATASET.positives().size());
    DATASET
        .positives()
        .forEach((query, candidate) -> assertTrue(DATASET.isMet(query, candidate), query));
  }

  @Test
  void everyTaskHasUnlabelledMatchesAndManyNearMisses() {
    for (Task task : Task.values()) {
      long met = 0;
      long near = 0;
      for (String query : DATASET.queries().keySet()) {
        for (String candidate : DATASET.candidates().keySet()) {
          if (query.startsWith(task.label()) && candidate.startsWith(task.label())) {
            int missing = DATASET.missing(query, candidate).size();
            met += missing == 0 ? 1 : 0;
            near += missing == 1 ? 1 : 0;
          }
        }
      }
      long atLeast = 2 * 20;
      assertTrue(met >= atLeast, task + ": " + met + " met");
      assertTrue(near >= atLeast, task + ": " + near + " nearly met");
    }
  }

  @Test
  void aDrawingShowsEachObjectInItsCellAndIsTheSameEachTime() {
    SceneObject star = new SceneObject(Size.SMALL, Colour.RED, Shape.STAR, 1, 3);
    SceneObject square = new SceneObject(Size.LARGE, Colour.BLACK, Shape.SQUARE, 2, 0);
    Scene scene = new Scene(List.of(star, square));
    BufferedImage image = Drawing.of(scene, new SplittableRandom(1));
    assertEquals(0xFFD72D28, image.getRGB(3 * 28 + 14, 28 + 14), "red in the middle of the star");
    assertEquals(0xFF232323, image.getRGB(14, 2 * 28 + 14), "black in the middle of the square");
    assertEquals(image.getRGB(0, 0), image.getRGB(111, 0), "plain ground");
    BufferedImage again = Drawing.of(scene, new SplittableRandom(1));
    assertArrayEquals(
        image.getRGB(0, 0, 112, 112, null, 0, 112), again.getRGB(0, 0, 112, 112, null, 0, 112));
  }
}
