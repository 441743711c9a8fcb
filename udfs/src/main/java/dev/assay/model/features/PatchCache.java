package dev.assay.model.features;

import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Decoded images, as long as there is room for them in the task's memory: the least recently used
 * ones are dropped first and decoded again when they are needed. Not thread-safe.
 */
public final class PatchCache {
  private final Function<EncodedImage, Patches> processor;
  private final TaskMemory memory;
  private final Map<String, Patches> patches = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Grid> grids = new HashMap<>();

  /**
   * @param processor decodes and preprocesses
   * @param memory what the patches count against
   */
  public PatchCache(Function<EncodedImage, Patches> processor, TaskMemory memory) {
    this.processor = processor;
    this.memory = memory;
    memory.cache(this::shrink);
  }

  /**
   * An image, cut into patches.
   *
   * @throws dev.assay.item.BadItemException if it cannot be used
   */
  public Patches patches(EncodedImage image) {
    Patches known = patches.get(image.key());
    if (known == null) {
      known = processor.apply(image);
      memory.reserve(known.bytes());
      patches.put(image.key(), known);
      grids.put(image.key(), known.grid());
    }
    return known;
  }

  /** How an image is cut into patches; decodes it unless that was done before. */
  public Grid grid(EncodedImage image) {
    Grid known = grids.get(image.key());
    return known == null ? patches(image).grid() : known;
  }

  /** Forgets all images. */
  public void clear() {
    shrink(Long.MAX_VALUE);
    grids.clear();
  }

  private void shrink(long bytes) {
    long freed = 0;
    var oldest = patches.values().iterator();
    while (freed < bytes && oldest.hasNext()) {
      long own = oldest.next().bytes();
      oldest.remove();
      memory.free(own);
      freed += own;
    }
  }
}
