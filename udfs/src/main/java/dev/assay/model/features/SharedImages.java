package dev.assay.model.features;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One task's images, with features that it shares with other tasks: see {@link FeatureCache}.
 *
 * <p>Decoded images wait for the vision tower within a bound in bytes. Where there is no room for
 * another one, those that wait are encoded.
 */
public final class SharedImages implements TaskImages {
  private final FeatureCache cache;
  private final Function<EncodedImage, Patches> processor;
  private final TaskMemory memory;
  private final ImageUse use;
  private final Map<String, Patches> waiting = new LinkedHashMap<>();
  private final Map<String, NDArray> required = new LinkedHashMap<>();
  private final Set<String> early = new HashSet<>(); // encoded, and not yet required
  private long passes;

  /**
   * @param processor decodes and preprocesses
   * @param memory what waiting images count against
   * @param use is told of every image that is used
   */
  public SharedImages(
      FeatureCache cache,
      Function<EncodedImage, Patches> processor,
      TaskMemory memory,
      ImageUse use) {
    this.cache = cache;
    this.processor = processor;
    this.memory = memory;
    this.use = use;
    memory.cache(this::shrink);
  }

  @Override
  public Grid grid(EncodedImage image) {
    Grid known = cache.grid(image.key());
    return known == null ? decode(image).grid() : known;
  }

  private Patches decode(EncodedImage image) {
    Patches patches = processor.apply(image);
    memory.reserve(patches.bytes());
    waiting.put(image.key(), patches);
    cache.put(image.key(), patches.grid());
    return patches;
  }

  private void stopWaiting(String key) {
    Patches patches = waiting.remove(key);
    if (patches != null) {
      memory.free(patches.bytes());
    }
  }

  /** Features take less room than patches. */
  private void shrink(long bytes) {
    for (String key : List.copyOf(waiting.keySet())) {
      try {
        if (cache.pin(key, () -> waiting.get(key)).encoded()) {
          encoded(key);
          early.add(key);
        }
        cache.unpin(key);
      } catch (EngineException e) {
        // The device has no room for features that are not needed yet. Decoded again later.
      }
      stopWaiting(key);
    }
  }

  @Override
  public void require(Collection<EncodedImage> images) {
    Set<EncodedImage> distinct = new LinkedHashSet<>(images);
    Set<String> before = new LinkedHashSet<>(required.keySet());
    for (EncodedImage image : distinct) {
      if (!before.remove(image.key())) {
        required.put(image.key(), features(image));
      }
    }
    before.forEach(this::giveBack);
  }

  private NDArray features(EncodedImage image) {
    String key = image.key();
    FeatureCache.Pinned pinned = cache.pin(key, () -> patches(image));
    stopWaiting(key);
    if (pinned.encoded()) {
      encoded(key);
    } else if (!early.remove(key)) {
      use.reused(key);
    }
    return pinned.features();
  }

  private void encoded(String key) {
    passes++;
    use.encoded(key);
  }

  private Patches patches(EncodedImage image) {
    Patches known = waiting.get(image.key());
    return known == null ? processor.apply(image) : known;
  }

  private void giveBack(String key) {
    required.remove(key);
    cache.unpin(key);
  }

  @Override
  public NDArray of(EncodedImage image) {
    return TaskImages.required(image, required.get(image.key()));
  }

  @Override
  public long passes() {
    return passes;
  }

  @Override
  public boolean release() {
    new ArrayList<>(required.keySet()).forEach(this::giveBack);
    return cache.release();
  }

  @Override
  public void close() {
    new ArrayList<>(required.keySet()).forEach(this::giveBack);
    List.copyOf(waiting.keySet()).forEach(this::stopWaiting);
  }
}
