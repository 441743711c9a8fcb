package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One task's images: each distinct one is decoded once and goes through the vision tower once, as
 * long as its features stay within a memory budget (the least recently used leave first). Not
 * thread-safe.
 */
public final class ImageFeatures implements AutoCloseable {
  private final VisionModel model;
  private final Function<EncodedImage, Patches> processor;
  private final int patchesPerPass;
  private final long budget;
  private final NDManager owner;

  private final Map<String, Patches> waiting = new HashMap<>();
  private final Map<String, NDArray> features = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Grid> grids = new HashMap<>();
  private long held; // bytes in features
  private long passes; // images that went through the tower

  /**
   * @param processor decodes and preprocesses
   * @param patchesPerPass patches sent through the tower together, at the most (one image may have
   *     more)
   * @param budget bytes of features held between calls
   */
  public ImageFeatures(
      VisionModel model,
      Function<EncodedImage, Patches> processor,
      int patchesPerPass,
      long budget) {
    this.model = model;
    this.processor = processor;
    this.patchesPerPass = patchesPerPass;
    this.budget = budget;
    this.owner = model.newScope();
  }

  /**
   * Decodes an image unless that was done before.
   *
   * @throws dev.assay.item.BadItemException if it cannot be used
   */
  public void prepare(EncodedImage image) {
    if (!features.containsKey(image.key()) && !waiting.containsKey(image.key())) {
      Patches patches = processor.apply(image);
      waiting.put(image.key(), patches);
      grids.put(image.key(), patches.grid());
    }
  }

  /** How an image is cut; prepares it if need be. */
  public Grid grid(EncodedImage image) {
    Grid known = grids.get(image.key());
    if (known == null) {
      prepare(image);
      known = grids.get(image.key());
    }
    return known;
  }

  /**
   * Makes the features of all these images present, in as few passes as the bound allows, and keeps
   * them present until the next call.
   */
  public void require(Collection<EncodedImage> images) {
    Set<EncodedImage> distinct = new LinkedHashSet<>(images); // in order: packs must not vary
    List<String> pass = new ArrayList<>();
    int size = 0;
    for (EncodedImage image : distinct) {
      prepare(image);
      if (features.get(image.key()) != null) {
        continue; // get() also marks it as used
      }
      int patches = grids.get(image.key()).patches();
      if (size > 0 && size + patches > patchesPerPass) {
        run(pass);
        pass.clear();
        size = 0;
      }
      pass.add(image.key());
      size += patches;
    }
    run(pass);
    evict(distinct.size(), budget);
  }

  private void run(List<String> keys) {
    if (keys.isEmpty()) {
      return;
    }
    int merge = model.merge();
    try (NDManager scope = owner.newSubManager()) {
      List<Patches> images = keys.stream().map(waiting::get).toList();
      NDArray together = model.imageFeatures(scope, images);
      int at = 0;
      for (int i = 0; i < keys.size(); i++) {
        int tokens = images.get(i).grid().tokens(merge);
        NDArray own = together;
        if (keys.size() > 1) {
          try (NDArray view = together.get(new NDIndex("{}:{}", at, at + tokens))) {
            own = model.copy(scope, view); // a view would keep the others alive
          }
        }
        own.attach(owner);
        features.put(keys.get(i), own);
        held += bytes(own);
        at += tokens;
      }
      passes += keys.size();
      waiting.keySet().removeAll(keys); // not before: what did not fit is tried again
    }
  }

  /**
   * Gives back the device memory of all features; they are computed again when they are required.
   *
   * @return whether there was any
   */
  public boolean release() {
    boolean any = !features.isEmpty();
    evict(0, 0);
    return any;
  }

  private void evict(int needed, long bytes) {
    var oldest = features.entrySet().iterator();
    for (int spare = features.size() - needed; spare > 0 && held > bytes; spare--) {
      Map.Entry<String, NDArray> entry = oldest.next();
      held -= bytes(entry.getValue());
      entry.getValue().close();
      grids.remove(entry.getKey());
      oldest.remove();
    }
  }

  private long bytes(NDArray array) {
    return array.size() * (model.precision() == Precision.FLOAT32 ? 4 : 2);
  }

  /** Features of an image that was {@linkplain #require required}: {@code [tokens, hidden]}. */
  public NDArray of(EncodedImage image) {
    NDArray found = features.get(image.key());
    if (found == null) {
      throw new IllegalStateException("Image " + image.key() + " was not required");
    }
    return found;
  }

  /** Images that have gone through the vision tower so far. */
  public long passes() {
    return passes;
  }

  @Override
  public void close() {
    owner.close();
    features.clear();
    waiting.clear();
    grids.clear();
    held = 0;
  }
}
