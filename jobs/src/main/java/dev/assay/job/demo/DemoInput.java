package dev.assay.job.demo;

import dev.assay.scenes.dataset.SceneDataset;
import dev.assay.scenes.dataset.SceneFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The demo's input files: folder {@code scenes} of its workspace for the pipeline, and in {@code
 * held-out}, a workspace of its own, what the trained models are evaluated on.
 */
public final class DemoInput {
  private static final String SCENES = "scenes";

  private DemoInput() {}

  /** The folder to ingest. */
  public static String folder(String workspace) {
    return new Path(workspace, SCENES).toString();
  }

  /** The workspace of what is evaluated on; its {@link #folder} is to be ingested. */
  public static String heldOut(String workspace) {
    return new Path(workspace, "held-out").toString();
  }

  /**
   * Draws both parts, unless the same are there. A folder left half drawn is drawn anew. What is
   * evaluated on has all that is true as positives, not only what is labelled.
   *
   * @return what was done, in a line
   */
  public static String draw(String workspace, DemoOptions options, Configuration hadoop) {
    long start = System.nanoTime();
    SceneDataset dataset = options.dataset();
    boolean drawn = draw(folder(workspace), dataset, dataset.labels(), options, hadoop);
    SceneDataset heldOut = options.heldOut();
    drawn |= draw(folder(heldOut(workspace)), heldOut, heldOut.truth(), options, hadoop);
    if (!drawn) {
      return "scenes: up to date";
    }
    return "scenes: twice %,d queries and %,d candidates drawn in %s (%.1f s)"
        .formatted(
            dataset.queries().size(),
            dataset.candidates().size(),
            workspace,
            (System.nanoTime() - start) / 1e9);
  }

  private static boolean draw(
      String to,
      SceneDataset dataset,
      Map<String, List<String>> positives,
      DemoOptions options,
      Configuration hadoop) {
    Path folder = new Path(to);
    // Written last: with it the folder is complete.
    Path done = new Path(folder, options.marker());
    try {
      FileSystem files = folder.getFileSystem(hadoop);
      if (files.exists(done)) {
        return false;
      }
      files.delete(folder, true);
      new SceneFiles(to, hadoop).write(dataset, positives, options.seed());
      files.create(done).close();
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot draw scenes in " + folder + ": " + e.getMessage(), e);
    }
  }
}
