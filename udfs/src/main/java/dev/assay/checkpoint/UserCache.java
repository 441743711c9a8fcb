package dev.assay.checkpoint;

import java.nio.file.Path;

/** Where a user's programs keep what they can make again. */
public final class UserCache {
  private UserCache() {}

  /** Assay's folder of that name in {@code $XDG_CACHE_HOME}, or else in {@code ~/.cache}. */
  public static Path folder(String name) {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("assay").resolve(name);
  }
}
