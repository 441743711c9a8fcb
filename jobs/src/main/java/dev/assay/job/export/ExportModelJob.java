package dev.assay.job.export;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.checkpoint.writing.CheckpointWriter;
import dev.assay.checkpoint.writing.FolderCopy;
import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.Progress;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.files.WritableFolder;
import dev.assay.model.VisionLanguageModel;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Copies a trained model out of the workspace: as it is, or merged with its base into a checkpoint
 * that transformers opens. The folder appears under its name when it is complete.
 */
public final class ExportModelJob implements Job {
  private final ExportModelOptions options;

  public ExportModelJob(ExportModelOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "export";
  }

  @Override
  public List<String> inputs() {
    return List.of();
  }

  @Override
  public List<String> outputs() {
    return List.of();
  }

  @Override
  public void check(Configuration hadoop) {
    Path model = model(hadoop);
    if (!isThere(new Path(model, "adapter_config.json"), hadoop)
        && !isThere(new Path(model, "config.json"), hadoop)) {
      throw new SettingsException(
          String.format(
              Locale.ROOT,
              "Cannot export %s: no such model in %s; run `assay %s` first",
              options.model(),
              options.workspace(),
              options.job()));
    }
    if (options.merge()) {
      VisionLanguageModel.check(CheckpointFolder.open(model(hadoop).toString(), hadoop));
    }
    Path output = qualified(new Path(options.output()), hadoop);
    if (isThere(output, hadoop)) {
      throw new SettingsException("Cannot export to " + output + ": it is there already");
    }
    WritableFolder.check("output folder", output.getParent().toString(), hadoop);
  }

  /** Exports are never skipped, so nothing compares it. */
  @Override
  public int version() {
    return 1;
  }

  @Override
  public JobResult run(JobContext context) {
    Configuration hadoop = context.spark().sparkContext().hadoopConfiguration();
    if (options.merge()) {
      return merge(context, hadoop);
    }
    long files = FolderCopy.write(model(hadoop).toString(), output(hadoop), hadoop);
    return result("files", files, "");
  }

  private JobResult merge(JobContext context, Configuration hadoop) {
    CheckpointFolder folder = CheckpointFolder.open(model(hadoop).toString(), hadoop);
    long tensors = TensorIndex.of(folder).names().size();
    try (Progress.Work work = context.progress().start("tensors", tensors)) {
      CheckpointWriter.of(folder)
          .withListener(name -> work.counter().add(1))
          .write(output(hadoop), hadoop);
    }
    return result("tensors", tensors, folder.adapter().isPresent() ? ", merged" : "");
  }

  private JobResult result(String unit, long count, String how) {
    String summary =
        String.format(
            Locale.ROOT,
            "%,d %s of %s to %s%s",
            count,
            unit,
            options.model(),
            options.output(),
            how);
    return new JobResult(new TreeMap<>(Map.of(unit, count)), summary);
  }

  private Path model(Configuration hadoop) {
    return qualified(new Path(options.workspace(), options.model()), hadoop);
  }

  private String output(Configuration hadoop) {
    return qualified(new Path(options.output()), hadoop).toString();
  }

  /** With the host that {@code hdfs:///folder} leaves out. */
  private static Path qualified(Path path, Configuration hadoop) {
    try {
      return path.getFileSystem(hadoop).makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException("Cannot open " + path + ": " + e.getMessage(), e);
    }
  }

  private static boolean isThere(Path file, Configuration hadoop) {
    try {
      return file.getFileSystem(hadoop).exists(file);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException("Cannot open " + file + ": " + e.getMessage(), e);
    }
  }
}
