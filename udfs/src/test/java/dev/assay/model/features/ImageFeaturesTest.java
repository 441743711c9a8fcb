package dev.assay.model.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fake vision tower stands for the model; every pixel of an image is the same number. */
class ImageFeaturesTest {
  private static final int PATCHES = 16; // of an image
  private static final int PATCH_SIZE = 12;
  private static final long DECODED = 4L * PATCHES * PATCH_SIZE; // bytes of an image: 768
  private static final long ENCODED = 4L * PATCHES / 4 * 3; // bytes of its features: 48

  private final FakeTower model = new FakeTower();
  private final List<String> decoded = new ArrayList<>();

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void imagesThatWaitAreEncodedWhenTheirPatchesTakeAnEighthOfTheRoom() {
    TaskMemory memory = new TaskMemory(8 * 3 * DECODED);
    try (ImageFeatures images = images(memory, 1000)) {
      List<EncodedImage> many = many(25);
      many.forEach(images::grid);

      assertTrue(memory.peak() <= 3 * DECODED + 25 * ENCODED, "kept " + memory.peak());
      assertEquals(8, model.calls(), "three go through together");
      assertEquals(25, decoded.size());

      images.require(many.subList(0, 10));
      assertEquals(25, decoded.size(), "features of all images had room");
      assertFeatures(images, many.subList(0, 10));
    }
    assertEquals(0, memory.used());
  }

  @Test
  void oldFeaturesAreDroppedAndComputedAgain() {
    TaskMemory memory = new TaskMemory(DECODED + ENCODED);
    try (ImageFeatures images = images(memory, PATCHES)) {
      List<EncodedImage> many = many(4);
      for (EncodedImage image : many) {
        images.require(List.of(image));
        assertFeatures(images, List.of(image));
      }
      assertEquals(2 * ENCODED, memory.used());
      assertEquals(4, images.passes());

      images.require(List.of(many.get(3)));
      assertEquals(4, images.passes(), "the latest is still there");
      images.require(List.of(many.get(0)));
      assertEquals(5, images.passes(), "the oldest was dropped");
      assertFeatures(images, many.subList(0, 1));
    }
  }

  @Test
  void resultsAreTheSameWithoutACache() {
    TaskMemory memory = new TaskMemory(0);
    try (ImageFeatures images = images(memory, 1000)) {
      List<EncodedImage> many = many(7);
      many.forEach(images::grid);
      for (int from = 0; from < 5; from++) {
        List<EncodedImage> some = many.subList(from, from + 3);
        some.forEach(image -> assertEquals(new Grid(4, 4), images.grid(image)));
        images.require(some);
        assertFeatures(images, some);
        assertEquals(3 * ENCODED, memory.used(), "what is required stays");
      }
    }
    assertEquals(0, memory.used());
  }

  @Test
  void whatElseATaskKeepsTakesTheRoomOfFeaturesThatAreNotRequired() {
    TaskMemory memory = new TaskMemory(10 * ENCODED);
    try (ImageFeatures images = images(memory, PATCHES)) {
      List<EncodedImage> many = many(6);
      images.require(many);
      images.require(many.subList(4, 6));

      memory.reserve(7 * ENCODED);

      assertEquals(10 * ENCODED, memory.used());
      assertFeatures(images, many.subList(4, 6));
      memory.reserve(100 * ENCODED);
      assertFeatures(images, many.subList(4, 6));
      memory.free(107 * ENCODED);
      images.require(many.subList(0, 1));
      assertFeatures(images, many.subList(0, 1));
      assertEquals(7, images.passes());
    }
  }

  @Test
  void imagesAreDecodedAgainWhereTheDeviceHasNoRoomForThem() {
    TaskMemory memory = new TaskMemory(8 * 2 * DECODED);
    try (ImageFeatures images = images(memory, 1000)) {
      List<EncodedImage> many = many(5);
      model.full(true);
      many.forEach(images::grid);
      assertTrue(memory.peak() <= 2 * DECODED, "kept " + memory.peak());

      assertThrows(EngineException.class, () -> images.require(many));
      model.full(false);
      images.require(many);
      assertFeatures(images, many);
    }
  }

  @Test
  void releasedFeaturesAreComputedAgain() {
    TaskMemory memory = new TaskMemory(1 << 20);
    try (ImageFeatures images = images(memory, 1000)) {
      List<EncodedImage> many = many(3);
      images.require(many);
      assertTrue(images.release());
      assertEquals(0, memory.used());
      images.require(many);
      assertFeatures(images, many);
      assertEquals(6, images.passes());
      assertEquals(2, model.calls(), "all that fit go through together");
    }
  }

  @Test
  void patchesOfATrainedTowerAreDroppedAndDecodedAgain() {
    TaskMemory memory = new TaskMemory(2 * DECODED);
    PatchCache patches = new PatchCache(this::decode, memory);
    List<EncodedImage> many = many(4);
    for (EncodedImage image : many) {
      assertEquals(new Grid(4, 4), patches.grid(image));
    }
    assertEquals(2 * DECODED, memory.peak());
    assertEquals(number(many.get(0)), patches.patches(many.get(0)).values()[0]);
    assertEquals(List.of("0", "1", "2", "3", "0"), decoded);
    patches.clear();
    assertEquals(0, memory.used());
  }

  private ImageFeatures images(TaskMemory memory, int patchesPerPass) {
    return new ImageFeatures(model, this::decode, patchesPerPass, memory);
  }

  private Patches decode(EncodedImage image) {
    decoded.add(image.key());
    return FakeTower.patches(number(image), new Grid(4, 4), PATCH_SIZE);
  }

  private static float number(EncodedImage image) {
    return Float.parseFloat(image.key());
  }

  private static List<EncodedImage> many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new EncodedImage(Integer.toString(i), new byte[0]))
        .toList();
  }

  private static void assertFeatures(ImageFeatures images, List<EncodedImage> some) {
    for (EncodedImage image : some) {
      FakeTower.assertFeatures(number(image), PATCHES, images.of(image));
    }
  }
}
