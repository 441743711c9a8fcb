package dev.assay.model.features;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.assay.item.EncodedImage;
import dev.assay.model.VisionModel;
import dev.assay.model.tokens.Packs;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One task's images: each distinct one is decoded once and goes through the vision tower once, as
 * long as there is room for it in the task's memory.
 *
 * <p>Where there is none, images that wait for the vision tower are sent through it, because
 * features take less room than patches, and then the least recently used features are dropped. What
 * was dropped is computed again when it is required. Not thread-safe.
 */
public final class ImageFeatures implements TaskImages {
  private static final int MOST_GRIDS = 1 << 14;

  /**
   * Patches lie on the Java heap, which is small on many clusters. They may take this fraction of
   * the task's memory: enough for several passes.
   */
  private static final int WAITING_SHARE = 8;

  private final VisionModel model;
  private final Function<EncodedImage, Patches> processor;
  private final int patchesPerPass;
  private final TaskMemory memory;
  private final NDManager owner;

  private final Map<String, Patches> waiting = new LinkedHashMap<>();
  private final Map<String, NDArray> features = new LinkedHashMap<>(16, 0.75f, true);
  private final Grids grids = new Grids(MOST_GRIDS);
  private final Set<String> required = new LinkedHashSet<>();
  private long waitingBytes;
  private long passes; // images that went through the tower

  /**
   * @param processor decodes and preprocesses
   * @param patchesPerPass patches sent through the tower together, at the most (one image may have
   *     more)
   * @param memory what patches and features count against
   */
  public ImageFeatures(
      VisionModel model,
      Function<EncodedImage, Patches> processor,
      int patchesPerPass,
      TaskMemory memory) {
    this.model = model;
    this.processor = processor;
    this.patchesPerPass = patchesPerPass;
    this.memory = memory;
    this.owner = model.newScope();
    memory.cache(this::shrink);
  }

  @Override
  public Grid grid(EncodedImage image) {
    Grid known = grids.get(image.key());
    return known == null ? decode(image) : known;
  }

  private Grid decode(EncodedImage image) {
    Patches patches = processor.apply(image);
    if (waitingBytes + patches.bytes() > memory.limit() / WAITING_SHARE) {
      encodeWaiting();
    }
    memory.reserve(patches.bytes());
    waitingBytes += patches.bytes();
    waiting.put(image.key(), patches);
    grids.put(image.key(), patches.grid());
    return patches.grid();
  }

  /**
   * Makes the features of all these images present, in as few passes as the bound allows, and keeps
   * them present until the next call.
   */
  @Override
  public void require(Collection<EncodedImage> images) {
    Set<EncodedImage> distinct = new LinkedHashSet<>(images); // in order: packs must not vary
    required.clear();
    distinct.forEach(image -> required.add(image.key()));
    for (EncodedImage image : distinct) {
      // get() also marks the features as used
      if (features.get(image.key()) == null && !waiting.containsKey(image.key())) {
        decode(image);
      }
    }
    run(required.stream().filter(waiting::containsKey).toList());
    shrink(memory.excess());
  }

  private void run(List<String> keys) {
    for (List<String> pass :
        Packs.of(keys, key -> waiting.get(key).grid().patches(), patchesPerPass)) {
      runPass(pass);
    }
  }

  private void runPass(List<String> keys) {
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
        memory.add(bytes(own));
        at += tokens;
      }
      passes += keys.size();
      keys.forEach(this::stopWaiting); // not before: what did not fit is tried again
    }
  }

  private void stopWaiting(String key) {
    long bytes = waiting.remove(key).bytes();
    waitingBytes -= bytes;
    memory.free(bytes);
  }

  /** Frees memory, as far as what is dropped is not required. */
  private void shrink(long bytes) {
    if (bytes > 0) {
      long wanted = memory.used() - bytes;
      encodeWaiting();
      drop(wanted, required);
    }
  }

  /** Patches of an image take several times as much memory as its features. */
  private void encodeWaiting() {
    try {
      run(List.copyOf(waiting.keySet()));
    } catch (EngineException e) {
      if (waiting.keySet().stream().anyMatch(required::contains)) {
        throw e;
      }
      // The device has no room for features that are not needed yet. They are decoded again later.
      List.copyOf(waiting.keySet()).forEach(this::stopWaiting);
    }
  }

  @Override
  public boolean release() {
    boolean any = !features.isEmpty();
    drop(Long.MIN_VALUE, Set.of());
    return any;
  }

  /** Drops the least recently used features until no more bytes than these are kept. */
  private void drop(long bytes, Set<String> kept) {
    var oldest = features.entrySet().iterator();
    while (memory.used() > bytes && oldest.hasNext()) {
      Map.Entry<String, NDArray> entry = oldest.next();
      if (!kept.contains(entry.getKey())) {
        memory.free(bytes(entry.getValue()));
        entry.getValue().close();
        oldest.remove();
      }
    }
  }

  private long bytes(NDArray array) {
    return array.size() * model.precision().bytes();
  }

  @Override
  public NDArray of(EncodedImage image) {
    return TaskImages.required(image, features.get(image.key()));
  }

  @Override
  public long passes() {
    return passes;
  }

  @Override
  public void close() {
    release();
    List.copyOf(waiting.keySet()).forEach(this::stopWaiting);
    grids.clear();
    owner.close();
  }
}
