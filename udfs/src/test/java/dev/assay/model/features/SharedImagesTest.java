package dev.assay.model.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fake vision tower stands for the model; every pixel of an image is the same number. */
class SharedImagesTest {
  private static final int PATCHES = 16; // of an image
  private static final int PATCH_SIZE = 12;
  private static final long DECODED = 4L * PATCHES * PATCH_SIZE; // bytes of an image
  private static final long ENCODED = 4L * PATCHES / 4 * 3; // bytes of its features

  private final FakeTower model = new FakeTower();
  private final List<String> decoded = Collections.synchronizedList(new ArrayList<>());
  private final List<String> used = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void anImageIsDecodedAndEncodedOnceForAllTasks() {
    try (FeatureCache cache = new FeatureCache(model, 1 << 20);
        SharedImages one = task(cache, 1 << 20);
        SharedImages other = task(cache, 1 << 20)) {
      List<EncodedImage> many = many(5);
      many.forEach(one::grid);
      one.require(many);
      other.require(many.subList(2, 5));
      many.forEach(other::grid);

      assertFeatures(one, many);
      assertFeatures(other, many.subList(2, 5));
      assertEquals(5, decoded.size());
      assertEquals(5, one.passes());
      assertEquals(0, other.passes());
      assertEquals(5, model.calls(), "each goes through the tower alone");
      assertEquals(
          List.of(
              "0 encoded",
              "1 encoded",
              "2 encoded",
              "3 encoded",
              "4 encoded",
              "2 reused",
              "3 reused",
              "4 reused"),
          used);
    }
  }

  @Test
  void tasksThatNeedTheSameImagesAtTheSameTimeEncodeThemOnce() throws Exception {
    int tasks = 4;
    List<EncodedImage> many = many(40);
    ExecutorService threads = Executors.newFixedThreadPool(tasks);
    try (FeatureCache cache = new FeatureCache(model, 1 << 20)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < tasks; i++) {
        List<EncodedImage> mine = new ArrayList<>(many);
        Collections.shuffle(mine, new Random(i));
        running.add(
            threads.submit(
                () -> {
                  try (SharedImages images = task(cache, 0)) {
                    for (int from = 0; from < mine.size(); from += 8) {
                      images.require(mine.subList(from, from + 8));
                      assertFeatures(images, mine.subList(from, from + 8));
                    }
                  }
                }));
      }
      for (Future<?> task : running) {
        task.get();
      }
      assertEquals(40, model.calls());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theOldestFeaturesThatNoTaskUsesAreDroppedWhereThereIsNoRoom() {
    try (FeatureCache cache = new FeatureCache(model, 3 * ENCODED);
        SharedImages one = task(cache, 1 << 20);
        SharedImages other = task(cache, 1 << 20)) {
      List<EncodedImage> many = many(6);
      one.require(many.subList(0, 2));
      other.require(many.subList(2, 4));
      assertEquals(4 * ENCODED, cache.used(), "what is required stays");
      other.require(many.subList(4, 5));
      assertEquals(3 * ENCODED, cache.used());
      assertFeatures(one, many.subList(0, 2));
      assertFalse(cache.has("2"));
      assertFalse(cache.has("3"));

      assertTrue(one.release());
      assertEquals(ENCODED, cache.used(), "the other task still uses one");
      one.require(many.subList(0, 1));
      assertFeatures(one, many.subList(0, 1));
      assertEquals(6, model.calls());
    }
  }

  @Test
  void imagesThatWaitAreEncodedWhereTheirPatchesHaveNoRoom() {
    try (FeatureCache cache = new FeatureCache(model, 1 << 20)) {
      TaskMemory memory = new TaskMemory(3 * DECODED);
      SharedImages images = new SharedImages(cache, this::decode, memory, use());
      List<EncodedImage> many = many(10);
      many.forEach(images::grid);
      assertEquals(3 * DECODED, memory.peak());
      images.require(many);
      assertEquals(10, decoded.size());
      assertEquals(10, images.passes());
      assertTrue(used.stream().allMatch(one -> one.endsWith("encoded")), used::toString);
      assertFeatures(images, many);
      images.close();
      assertEquals(0, memory.used());
    }
  }

  @Test
  void anImageThatCouldNotBeEncodedIsTriedAgainByTheNextTask() {
    try (FeatureCache cache = new FeatureCache(model, 1 << 20);
        SharedImages one = task(cache, DECODED);
        SharedImages other = task(cache, DECODED)) {
      List<EncodedImage> many = many(3);
      model.full(true);
      many.forEach(one::grid);
      assertThrows(EngineException.class, () -> one.require(many));
      model.full(false);
      other.require(many);
      one.require(many);
      assertFeatures(one, many);
      assertEquals(3, model.calls());
    }
  }

  private SharedImages task(FeatureCache cache, long memory) {
    return new SharedImages(cache, this::decode, new TaskMemory(memory), use());
  }

  private ImageUse use() {
    return new ImageUse() {
      @Override
      public void encoded(String key) {
        used.add(key + " encoded");
      }

      @Override
      public void reused(String key) {
        used.add(key + " reused");
      }
    };
  }

  private Patches decode(EncodedImage image) {
    decoded.add(image.key());
    return FakeTower.patches(Float.parseFloat(image.key()), new Grid(4, 4), PATCH_SIZE);
  }

  private static List<EncodedImage> many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new EncodedImage(Integer.toString(i), new byte[0]))
        .toList();
  }

  private static void assertFeatures(TaskImages images, List<EncodedImage> some) {
    for (EncodedImage image : some) {
      FakeTower.assertFeatures(Float.parseFloat(image.key()), PATCHES, images.of(image));
    }
  }
}
