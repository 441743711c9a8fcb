package dev.assay.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.Fixtures;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageProcessorTest {
  private final ImageProcessor processor = ImageProcessor.of(Fixtures.checkpoint("qwen2-vl"));

  @Test
  void refusesAnImageMoreThan200TimesAsLongAsWide() {
    assertEquals(2, processor.grid(4000, 20).rows());
    for (int[] size : new int[][] {{4001, 20}, {20, 4001}, {201, 1}}) {
      BadItemException refusal =
          assertThrows(BadItemException.class, () -> processor.grid(size[0], size[1]));
      assertEquals("extreme_aspect_ratio", refusal.reason());
    }
  }

  @Test
  void everyGridIsWholeBlocks() {
    Random random = new Random(3);
    for (int i = 0; i < 5000; i++) {
      int width = 1 + random.nextInt(3000);
      int height = Math.max(1 + width / 200, 1 + random.nextInt(3000));
      if (height > 200 * width) {
        continue;
      }
      Grid grid = processor.grid(width, height);
      assertTrue(grid.rows() >= 2 && grid.rows() % 2 == 0, grid::toString);
      assertTrue(grid.columns() >= 2 && grid.columns() % 2 == 0, grid::toString);
    }
  }

  @Test
  void theLimitMayBeLoweredDownToTheModelsMinimum() {
    assertEquals(4, processor.withMaxPixels(60 * 60).grid(300, 300).rows());
    assertNotEquals(processor.fingerprint(), processor.withMaxPixels(56 * 56).fingerprint());
    assertThrows(IllegalArgumentException.class, () -> processor.withMaxPixels(56 * 56 - 1));
  }

  /** The slow twin: transformers' reshape and transpose, index by index. */
  @Test
  void patchesAreCutAsTransformersTransposesThem() {
    Random random = new Random(5);
    byte[] rgb = new byte[3 * 112 * 84];
    random.nextBytes(rgb);
    RgbImage image = new RgbImage(112, 84, rgb);
    Patches patches = processor.process(image);
    assertEquals(new Grid(6, 8), patches.grid());
    int i = 0;
    for (int blockRow = 0; blockRow < 3; blockRow++) {
      for (int blockColumn = 0; blockColumn < 4; blockColumn++) {
        for (int row = 0; row < 2; row++) {
          for (int column = 0; column < 2; column++) {
            for (int channel = 0; channel < 3; channel++) {
              for (int time = 0; time < 2; time++) {
                for (int y = 0; y < 14; y++) {
                  for (int x = 0; x < 14; x++) {
                    int py = (2 * blockRow + row) * 14 + y;
                    int px = (2 * blockColumn + column) * 14 + x;
                    int value = rgb[3 * (py * 112 + px) + channel] & 0xff;
                    float[] mean = {0.48145466f, 0.4578275f, 0.40821073f};
                    float[] std = {0.26862954f, 0.26130258f, 0.27577711f};
                    float expected =
                        ((float) (value * 0.00392156862745098) - mean[channel]) / std[channel];
                    assertEquals(expected, patches.values()[i++]);
                  }
                }
              }
            }
          }
        }
      }
    }
    assertEquals(i, patches.values().length);
  }
}
