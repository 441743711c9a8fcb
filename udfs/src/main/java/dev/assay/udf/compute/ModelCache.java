package dev.assay.udf.compute;

import ai.djl.Device;
import dev.assay.checkpoint.CheckpointException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of one executor JVM. The first task that needs a model loads it while others wait, all
 * tasks share it, and it is closed when the JVM ends. Thread-safe.
 *
 * <p>A model that no task uses stays loaded for the next task or job. Before <em>another</em> model
 * is loaded onto the same device, unused ones are closed: embedding and then judging with two large
 * models needs memory for the larger one, not for both.
 */
public final class ModelCache {
  /** The one cache of this JVM. */
  public static final ModelCache EXECUTOR = new ModelCache();

  private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(EXECUTOR::closeUnused, "assay-close-models"));
  }

  private final Map<Key, Entry<?>> entries = new HashMap<>();

  /**
   * What identifies a model.
   *
   * @param checkpoint folder as the user named it
   * @param placement device and precision
   * @param variant distinguishes models of one checkpoint that cannot be shared
   */
  public record Key(String checkpoint, Placement placement, Object variant) {}

  /**
   * A task's hold on a model. The model stays loaded until it is closed; closing twice is fine.
   *
   * @param <M> the model
   */
  public final class Lease<M extends AutoCloseable> implements AutoCloseable {
    private final Entry<M> entry;
    private boolean closed;

    private Lease(Entry<M> entry) {
      this.entry = entry;
    }

    public M model() {
      return entry.model;
    }

    @Override
    public void close() {
      synchronized (ModelCache.this) {
        entry.leases -= closed ? 0 : 1;
        closed = true;
      }
    }
  }

  private static final class Entry<M extends AutoCloseable> {
    private int leases; // guarded by the cache
    private volatile M model; // written once, under this entry's lock
  }

  /**
   * The model for a key, loaded if this is the first call for it.
   *
   * @param loader called at most once at a time for a key; where it fails, the next caller tries
   *     again
   * @throws CheckpointException with the loader's reason in one line
   */
  public <M extends AutoCloseable> Lease<M> lease(Key key, Callable<M> loader) {
    Entry<M> entry = enter(key);
    Lease<M> lease = new Lease<>(entry);
    try {
      synchronized (entry) {
        if (entry.model == null) {
          entry.model = load(key, loader);
        }
      }
      return lease;
    } catch (Throwable e) {
      lease.close();
      throw e;
    }
  }

  /** Closes the models that no task holds. A model in use is left to the end of the process. */
  public void closeUnused() {
    closeUnused(null);
  }

  /** Loaded models, in use or not. */
  public synchronized int size() {
    return (int) entries.values().stream().filter(entry -> entry.model != null).count();
  }

  @SuppressWarnings("unchecked") // a key always comes with the same kind of loader
  private synchronized <M extends AutoCloseable> Entry<M> enter(Key key) {
    Entry<M> entry = (Entry<M>) entries.computeIfAbsent(key, k -> new Entry<M>());
    entry.leases++;
    return entry;
  }

  private <M extends AutoCloseable> M load(Key key, Callable<M> loader) {
    closeUnused(key.placement().device());
    long start = System.nanoTime();
    try {
      M model = loader.call();
      LOG.info(
          "loaded {} on {} in {} ms",
          key.checkpoint(),
          key.placement(),
          (System.nanoTime() - start) / 1_000_000);
      return model;
    } catch (CheckpointException e) {
      throw e;
    } catch (Exception | LinkageError e) {
      String reason = e instanceof LinkageError ? e.toString() : String.valueOf(e.getMessage());
      throw new CheckpointException(
          "Cannot load "
              + key.checkpoint()
              + " on "
              + key.placement()
              + ": "
              + reason.lines().findFirst().orElse(e.toString()),
          e);
    }
  }

  private synchronized void closeUnused(Device device) {
    for (Iterator<Map.Entry<Key, Entry<?>>> it = entries.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<Key, Entry<?>> next = it.next();
      Entry<?> entry = next.getValue();
      boolean there = device == null || device.equals(next.getKey().placement().device());
      if (entry.leases == 0 && there) {
        it.remove();
        close(next.getKey(), entry.model);
      }
    }
  }

  private static void close(Key key, AutoCloseable model) {
    try {
      if (model != null) {
        model.close();
      }
    } catch (Exception e) {
      LOG.warn("closing {} failed: {}", key.checkpoint(), e.toString());
    }
  }
}
