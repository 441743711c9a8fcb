package dev.assay.model.features;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.model.VisionModel;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Features of images that all tasks over one checkpoint share. An image goes through the vision
 * tower alone: so its features depend on nothing but itself, and it does not matter which task
 * computed them. The least recently used ones are dropped where there is no room. Thread-safe.
 */
public final class FeatureCache implements AutoCloseable {
  private static final int MOST_GRIDS = 1 << 16;

  private final VisionModel model;
  private final long limit;
  private final NDManager owner;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Grids grids = new Grids(MOST_GRIDS);
  private long used;

  /** The features of one image; null while a task computes them. */
  private static final class Entry {
    private NDArray features;
    private int pins;
  }

  /**
   * What {@link #pin} gives.
   *
   * @param features {@code [tokens, hidden]}, not to be closed
   * @param encoded whether this call computed them
   */
  public record Pinned(NDArray features, boolean encoded) {}

  /**
   * @param limit in bytes; what is pinned may exceed it
   */
  public FeatureCache(VisionModel model, long limit) {
    this.model = model;
    this.limit = limit;
    this.owner = model.newScope();
  }

  /**
   * The features of an image, which stay until they are {@linkplain #unpin unpinned}. Where another
   * task computes them just now, waits for it.
   *
   * @param patches gives the image, if its features have to be computed
   */
  public Pinned pin(String key, Supplier<Patches> patches) {
    NDArray known = claim(key);
    if (known != null) {
      return new Pinned(known, false);
    }
    NDArray features = null;
    try {
      features = encode(patches.get());
      return new Pinned(features, true);
    } finally {
      settle(key, features);
    }
  }

  /** Pins what is there; else returns null, and the caller has to {@link #settle} it. */
  private synchronized NDArray claim(String key) {
    for (Entry entry = entries.get(key); entry != null; entry = entries.get(key)) {
      if (entry.features != null) {
        entry.pins++;
        return entry.features;
      }
      await();
    }
    Entry mine = new Entry();
    mine.pins = 1;
    entries.put(key, mine);
    return null;
  }

  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while another task encodes an image", e);
    }
  }

  private NDArray encode(Patches patches) {
    try (NDManager scope = owner.newSubManager()) {
      NDArray features = model.imageFeatures(scope, List.of(patches));
      features.attach(owner);
      return features;
    }
  }

  /**
   * @param features null if they could not be computed; then the next task tries
   */
  private synchronized void settle(String key, NDArray features) {
    if (features == null) {
      entries.remove(key);
    } else {
      entries.get(key).features = features;
      used += bytes(features);
      drop(limit);
    }
    notifyAll();
  }

  /** The caller of {@link #pin} does not need the features any more. */
  public synchronized void unpin(String key) {
    entries.get(key).pins--;
    drop(limit);
  }

  /** Whether the features of an image are there. */
  public synchronized boolean has(String key) {
    Entry entry = entries.get(key);
    return entry != null && entry.features != null;
  }

  /** Drops all features that no task uses now; returns whether there were any. */
  public synchronized boolean release() {
    return drop(Long.MIN_VALUE);
  }

  private boolean drop(long bytes) {
    boolean any = false;
    var oldest = entries.values().iterator();
    while (used > bytes && oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.pins == 0) {
        used -= bytes(entry.features);
        entry.features.close();
        oldest.remove();
        any = true;
      }
    }
    return any;
  }

  private long bytes(NDArray array) {
    return array.size() * model.precision().bytes();
  }

  /** How an image is cut, if some task has decoded it; else null. */
  public synchronized Grid grid(String key) {
    return grids.get(key);
  }

  synchronized void put(String key, Grid grid) {
    grids.put(key, grid);
  }

  /** Bytes of features that are kept now. */
  public synchronized long used() {
    return used;
  }

  @Override
  public synchronized void close() {
    entries.clear();
    owner.close();
  }
}
