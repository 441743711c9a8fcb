package dev.assay.job.demo;

import dev.assay.scenes.SceneDataset;
import dev.assay.scenes.SceneFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The demo's input files, in folder {@code scenes} of its workspace. */
public final class DemoInput {
  private DemoInput() {}

  /** The folder to ingest. */
  public static String folder(String workspace) {
    return new Path(workspace, "scenes").toString();
  }

  /**
   * Draws the input, unless the same is there. A folder left half drawn is drawn anew.
   *
   * @return what was done, in a line
   */
  public static String draw(String workspace, DemoOptions options, Configuration hadoop) {
    Path folder = new Path(folder(workspace));
    // Written last: with it the folder is complete.
    Path done = new Path(folder, options.marker());
    try {
      FileSystem files = folder.getFileSystem(hadoop);
      if (files.exists(done)) {
        return "scenes: up to date";
      }
      long start = System.nanoTime();
      files.delete(folder, true);
      SceneDataset dataset = options.dataset();
      new SceneFiles(folder.toString(), hadoop).write(dataset, options.seed());
      files.create(done).close();
      return "scenes: %,d queries and %,d candidates drawn in %s (%.1f s)"
          .formatted(
              dataset.queries().size(),
              dataset.candidates().size(),
              folder,
              (System.nanoTime() - start) / 1e9);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot draw scenes in " + folder + ": " + e.getMessage(), e);
    }
  }
}
