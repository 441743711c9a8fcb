package dev.assay.model.features;

import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * Images that other threads have decoded before their task needs them, within a bound in bytes.
 * Where there is no room, or decoding fails, nothing is kept: the task then decodes the image
 * itself, and meets the error. So results are the same as without. Thread-safe.
 */
public final class DecodingAhead {
  private final Function<EncodedImage, Patches> processor;
  private final long limit;
  private final Map<String, Decoding> images = new LinkedHashMap<>();
  private long bytes; // of those that are decoded

  private static final class Decoding extends FutureTask<Patches> {
    private long counted; // bytes, guarded by the outer object

    private Decoding(Callable<Patches> work) {
      super(work);
    }
  }

  /**
   * @param processor decodes and preprocesses
   * @param limit in bytes; each thread that decodes may exceed it by one image
   */
  public DecodingAhead(Function<EncodedImage, Patches> processor, long limit) {
    this.processor = processor;
    this.limit = limit;
  }

  /** Decodes an image, unless that was done or there is no room. Never fails. */
  public void decode(EncodedImage image) {
    Decoding task = new Decoding(() -> processor.apply(image));
    synchronized (this) {
      if (bytes >= limit || images.putIfAbsent(image.key(), task) != null) {
        return;
      }
    }
    task.run();
    Patches patches = finished(task);
    synchronized (this) {
      if (images.get(image.key()) != task) {
        return; // taken or forgotten meanwhile
      }
      if (patches == null) {
        images.remove(image.key());
      } else {
        task.counted = patches.bytes();
        bytes += task.counted;
      }
    }
  }

  /** The image, decoded ahead or now; after this it is not kept here. */
  public Patches take(EncodedImage image) {
    Decoding task = remove(image.key());
    Patches patches = task == null ? null : finished(task);
    return patches == null ? processor.apply(image) : patches;
  }

  /** How an image is cut that was decoded ahead; null if it was not. */
  public synchronized Grid grid(String key) {
    Decoding task = images.get(key);
    Patches patches = task == null || !task.isDone() ? null : finished(task);
    return patches == null ? null : patches.grid();
  }

  /** The image is not needed any more. */
  public void forget(String key) {
    remove(key);
  }

  private synchronized Decoding remove(String key) {
    Decoding task = images.remove(key);
    bytes -= task == null ? 0 : task.counted;
    return task;
  }

  /** Waits for a task; null if it failed. */
  private static Patches finished(Decoding task) {
    try {
      return task.get();
    } catch (ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while an image is decoded", e);
    }
  }

  /** Bytes of images that are decoded and not yet taken. */
  synchronized long used() {
    return bytes;
  }
}
