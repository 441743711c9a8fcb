package dev.assay.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.assay.it.Assay.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A run that has not ended yet. Its streams go to files: nobody has to read them meanwhile. */
record Running(Process process, Path out, Path err, long start) {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  static Running of(ProcessBuilder builder) {
    try {
      Path out = Files.createTempFile("assay", ".out");
      Path err = Files.createTempFile("assay", ".err");
      long start = System.nanoTime();
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      return new Running(process, out, err, start);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end, whatever that is. */
  Run end() {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(process.info() + " still ran after " + LIMIT);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Run run =
          new Run(
              process.exitValue(),
              Files.readString(out, UTF_8),
              Files.readString(err, UTF_8),
              took);
      Files.delete(out);
      Files.delete(err);
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until something is seen of it from outside. */
  Running until(String what, BooleanSupplier seen) {
    while (!seen.getAsBoolean()) {
      if (!process.isAlive()) {
        throw new AssertionError("ended before " + what + ": " + end());
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return this;
  }

  /** {@code kill -9}, while it is at work. */
  Run kill() {
    process.destroyForcibly();
    Run run = end();
    if (run.status() != 128 + 9) {
      throw new AssertionError("not killed in the middle: " + run);
    }
    return run;
  }
}
