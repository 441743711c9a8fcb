package dev.assay.model.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.model.Precision;
import dev.assay.model.VisionModel;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for a vision tower: each token gets the number of its image, three times. */
final class FakeTower implements VisionModel {
  private final NDManager owner = NDManager.newBaseManager(Device.cpu());
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean full;

  /** Whether the device has no memory left. */
  void full(boolean now) {
    full = now;
  }

  /** Passes so far. */
  int calls() {
    return calls.get();
  }

  void close() {
    owner.close();
  }

  /** An image whose pixels are all the same number. */
  static Patches patches(float number, Grid grid, int patchSize) {
    float[] values = new float[grid.patches() * patchSize];
    Arrays.fill(values, number);
    return new Patches(grid, values);
  }

  static void assertFeatures(float number, int patches, NDArray features) {
    float[] expected = new float[patches / 4 * 3];
    Arrays.fill(expected, number);
    assertArrayEquals(expected, features.toFloatArray());
  }

  @Override
  public NDManager newScope() {
    return owner.newSubManager();
  }

  @Override
  public NDArray imageFeatures(NDManager scope, List<Patches> images) {
    if (full) {
      throw new EngineException("out of memory");
    }
    calls.incrementAndGet();
    int tokens = images.stream().mapToInt(image -> image.grid().tokens(2)).sum();
    float[] features = new float[tokens * 3];
    int at = 0;
    for (Patches image : images) {
      int end = at + image.grid().tokens(2) * 3;
      Arrays.fill(features, at, end, image.values()[0]);
      at = end;
    }
    return scope.create(features, new Shape(tokens, 3));
  }

  @Override
  public NDArray copy(NDManager scope, NDArray source) {
    NDArray copy = source.duplicate();
    copy.attach(scope);
    return copy;
  }

  @Override
  public int merge() {
    return 2;
  }

  @Override
  public Precision precision() {
    return Precision.FLOAT32;
  }
}
