package dev.assay.job.export;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.files.AtomicFile;
import dev.assay.job.files.WritableFolder;
import dev.assay.job.workspace.Tables;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes a table to one file, which appears under its name when it is complete. */
public final class ExportJob implements Job {
  private final ExportOptions options;

  public ExportJob(ExportOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "export";
  }

  @Override
  public List<String> inputs() {
    if (options.format() == OutputFormat.UNIME_V2) {
      return List.of(Tables.NEGATIVES, Tables.QUERIES, Tables.CANDIDATES);
    }
    // Where nothing was set aside there is no such table, and nothing to complain about.
    return options.table().equals(Tables.QUARANTINE) ? List.of() : List.of(options.table());
  }

  @Override
  public List<String> outputs() {
    return List.of();
  }

  @Override
  public void check(Configuration hadoop) {
    Path file = new Path(options.output());
    try {
      FileSystem fileSystem = file.getFileSystem(hadoop);
      if (fileSystem.exists(file) && fileSystem.getFileStatus(file).isDirectory()) {
        throw new SettingsException("Cannot export to " + file + ": it is a folder");
      }
      Path folder = fileSystem.makeQualified(file).getParent();
      WritableFolder.check("output folder", folder.toString(), hadoop);
    } catch (IOException e) {
      throw new SettingsException("Cannot export to " + file + ": " + e.getMessage(), e);
    }
  }

  /** Exports are never skipped, so nothing compares it. */
  @Override
  public int version() {
    return 1;
  }

  @Override
  public JobResult run(JobContext context) {
    Configuration hadoop = context.spark().sparkContext().hadoopConfiguration();
    long[] rows = new long[1];
    try {
      Path file = new Path(options.output());
      file = file.getFileSystem(hadoop).makeQualified(file);
      AtomicFile.replace(
          file,
          hadoop,
          out -> {
            try (OutputStream buffered = new BufferedOutputStream(out, 1 << 16)) {
              rows[0] = write(context, buffered);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot export to " + options.output() + ": " + e.getMessage(), e);
    }
    String summary =
        String.format(
            Locale.ROOT, "%,d rows of %s to %s", rows[0], options.table(), options.output());
    return new JobResult(new TreeMap<>(java.util.Map.of("rows", rows[0])), summary);
  }

  private long write(JobContext context, OutputStream out) throws IOException {
    return switch (options.format()) {
      case JSONL -> JsonlOutput.write(context.read(options.table()), out);
      case UNIME_V2 -> UnimeOutput.write(context, out);
    };
  }
}
