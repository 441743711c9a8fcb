package dev.assay.job.demo;

import dev.assay.scenes.dataset.SceneDataset;
import dev.assay.scenes.dataset.SceneFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The demo's input files. The folder {@code scenes} of its workspace is the input of the pipeline.
 * The folder {@code held-out} is a second workspace, on which the trained models are evaluated.
 */
public final class DemoInput {
  private static final String SCENES = "scenes";

  private DemoInput() {}

  /** The folder to ingest. */
  public static String folder(String workspace) {
    return new Path(workspace, SCENES).toString();
  }

  /** The workspace to evaluate on. Its input is in its {@link #folder}. */
  public static String heldOut(String workspace) {
    return new Path(workspace, "held-out").toString();
  }

  /**
   * Draws both datasets, unless they are already there. An incomplete folder is drawn again. The
   * dataset for evaluation has every candidate that meets a query as a positive, and not only the
   * labelled one.
   *
   * @return one line that says what was done
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
    return String.format(
        Locale.ROOT,
        "scenes: %,d queries and %,d candidates drawn in %s, and as many to evaluate on (%.1f s)",
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
    // Written last, so the folder is complete if the file exists.
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
