package dev.assay.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built distribution, run as a user runs it: as a process of its own. */
record Assay(Path launcher, Map<String, String> environment) {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** What a run left behind. */
  record Run(int status, String out, String err, Duration took) {

    /** For assertions: all there is to know of a run that did not do what it should. */
    @Override
    public String toString() {
      return "exit status " + status + "\nstdout:\n" + out + "\nstderr:\n" + err;
    }
  }

  /** The distribution that {@code mvn package} leaves. */
  static Assay built() {
    return new Assay(home().resolve("bin/assay"), Map.of());
  }

  /** The folder of the built distribution. */
  static Path home() {
    return Path.of(System.getProperty("assay.home", "../jobs/target/assay")).toAbsolutePath();
  }

  /** The same with an environment variable set; an empty value unsets it. */
  Assay with(String variable, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(variable, value);
    return new Assay(launcher, changed);
  }

  /** Runs to the end, whatever that is. */
  Run run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    try {
      // Files, not pipes: nobody has to read one stream while the other fills up.
      Path out = Files.createTempFile("assay", ".out");
      Path err = Files.createTempFile("assay", ".err");
      long start = System.nanoTime();
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(command + " still ran after " + LIMIT);
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
}
