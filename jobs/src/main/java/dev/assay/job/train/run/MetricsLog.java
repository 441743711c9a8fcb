package dev.assay.job.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.job.files.AtomicFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * {@code metrics.jsonl}: one line for each step. Object stores cannot append, so the file is
 * replaced, every few seconds and with every checkpoint. Steps that a killed run took after its
 * last checkpoint are repeated, and so are their lines.
 */
public final class MetricsLog {
  public static final String FILE = "metrics.jsonl";

  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Configuration hadoop;
  private final List<StepMetrics> steps = new ArrayList<>();
  private volatile StepMetrics latest;
  private long written = System.nanoTime();

  private MetricsLog(Path file, Configuration hadoop) {
    this.file = file;
    this.hadoop = hadoop;
  }

  /**
   * Continues a file.
   *
   * @param steps how many steps are kept; later ones are dropped
   */
  public static MetricsLog after(long steps, Path file, Configuration hadoop) {
    MetricsLog log = new MetricsLog(file, hadoop);
    if (steps > 0) {
      log.read(steps);
    }
    return log;
  }

  private void read(long most) {
    try (FSDataInputStream in = file.getFileSystem(hadoop).open(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        StepMetrics step = JSON.readValue(line, StepMetrics.class);
        if (step.step() <= most) {
          steps.add(step);
        }
      }
    } catch (FileNotFoundException e) {
      // Somebody removed it. The next steps are logged all the same.
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  void add(StepMetrics step) {
    steps.add(step);
    latest = step;
    if (System.nanoTime() - written > BETWEEN_WRITES.toNanos()) {
      write();
    }
  }

  /** All steps so far. */
  public List<StepMetrics> steps() {
    return List.copyOf(steps);
  }

  /** The last step in words, for progress. */
  String latest() {
    return Optional.ofNullable(latest)
        .map(
            step ->
                String.format(
                    Locale.ROOT,
                    "loss %.4f  rate %.2e  %.1f examples/s",
                    step.loss(),
                    step.learningRate(),
                    step.examplesPerSecond()))
        .orElse("");
  }

  public void write() {
    try {
      write(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
    written = System.nanoTime();
  }

  /** Writes the same lines to another file. */
  public void write(Path other) throws IOException {
    AtomicFile.replace(other, hadoop, this::writeTo);
  }

  private void writeTo(OutputStream out) throws IOException {
    for (StepMetrics step : steps) {
      try {
        out.write((JSON.writeValueAsString(step) + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("Metrics are always JSON", e);
      }
    }
  }
}
