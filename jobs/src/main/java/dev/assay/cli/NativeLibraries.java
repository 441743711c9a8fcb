package dev.assay.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Libraries that are unpacked before they are loaded: PyTorch and the tokenizer into {@code
 * DJL_CACHE_DIR}, Spark's compression codecs into the tmp folder. On a file system that is mounted
 * {@code noexec} loading them fails, here or on an executor.
 */
final class NativeLibraries {
  private NativeLibraries() {}

  /** Whether an exception says that a file is there, and the system will not load it. */
  static boolean cannotLoad(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("failed to map segment from shared object")
        || (thrown instanceof UnsatisfiedLinkError && message.contains("not permitted"));
  }

  /**
   * Says what to change.
   *
   * @param message names the library
   */
  static String explain(String message) {
    return explain(message, System.getenv(), System.getProperty("java.io.tmpdir"));
  }

  static String explain(String message, Map<String, String> environment, String tmp) {
    String home = String.valueOf(environment.getOrDefault("HOME", System.getProperty("user.home")));
    String cache = environment.getOrDefault("DJL_CACHE_DIR", Path.of(home, ".djl.ai").toString());
    return "Cannot load a native library: "
        + message.replaceFirst("^(.+): \\1: ", "$1: ") // the JVM says it twice
        + "; the file system forbids running programs (noexec). Name a folder on another one:"
        + " DJL_CACHE_DIR (now "
        + cache
        + ") for PyTorch and the tokenizer, java.io.tmpdir (now the tmp folder "
        + tmp
        + ") for Spark's codecs: ASSAY_JAVA_OPTS=-Djava.io.tmpdir=FOLDER";
  }
}
