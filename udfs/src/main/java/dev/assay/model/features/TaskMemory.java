package dev.assay.model.features;

/**
 * How many bytes one task keeps between its calls: decoded images, features of images, and keys and
 * values of beginnings. All of them count against one limit. Not thread-safe.
 *
 * <p>What a call needs while it runs is never refused, so the limit can be exceeded by that much.
 */
public final class TaskMemory {
  /** Something that can be dropped and made again. */
  @FunctionalInterface
  interface Cache {
    /** {@linkplain #free Frees} so many bytes, or all that can be dropped if that is less. */
    void shrink(long bytes);
  }

  private final long limit;
  private Cache cache = bytes -> {};
  private long used;
  private long peak;

  /**
   * @param limit in bytes
   */
  public TaskMemory(long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit is " + limit + ", but must not be negative");
    }
    this.limit = limit;
  }

  /** From here on this cache is shrunk where there is no room. */
  void cache(Cache droppable) {
    this.cache = droppable;
  }

  /** Counts bytes that will be kept; shrinks the cache first if they do not fit. */
  public void reserve(long bytes) {
    if (used + bytes > limit) {
      cache.shrink(used + bytes - limit);
    }
    add(bytes);
  }

  /** Counts bytes without making room for them. */
  void add(long bytes) {
    used += bytes;
    peak = Math.max(peak, used);
  }

  /** The opposite of {@link #reserve} and {@link #add}. */
  public void free(long bytes) {
    used -= bytes;
  }

  /** How many bytes are over the limit; 0 if none. */
  long excess() {
    return Math.max(0, used - limit);
  }

  /** The bound, in bytes. */
  public long limit() {
    return limit;
  }

  /** Bytes that are kept now. */
  public long used() {
    return used;
  }

  /** The most bytes that were ever kept. */
  public long peak() {
    return peak;
  }
}
