package dev.assay.job.evaluate;

import dev.assay.job.SettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A system, and where its models lie.
 *
 * @param embedder model folder
 * @param reranker model folder, or null for a system that does not rerank
 */
record SystemModels(EvaluatedSystem system, String embedder, String reranker) {
  /** Where training leaves its models in a workspace. */
  private static final String EMBEDDER = "models/embedder";

  private static final String RERANKER = "models/reranker";

  /**
   * Those of the systems whose models are there.
   *
   * @param workspace its folder
   * @throws SettingsException if there are none
   */
  static List<SystemModels> find(EvaluateOptions options, String workspace, Configuration hadoop) {
    String base = options.embedder();
    String trained = inWorkspace(workspace, EMBEDDER, hadoop);
    String reranker = inWorkspace(workspace, RERANKER, hadoop);
    List<SystemModels> found = new ArrayList<>();
    for (EvaluatedSystem system : options.systems()) {
      boolean reranks = system == EvaluatedSystem.RERANKED;
      String embedder =
          system == EvaluatedSystem.BASE || (reranks && trained.isEmpty()) ? base : trained;
      String judge = reranks && reranker.isEmpty() ? options.reranker() : reranker;
      if (!embedder.isEmpty() && !(reranks && judge.isEmpty())) {
        found.add(new SystemModels(system, embedder, reranks ? judge : null));
      }
    }
    if (found.isEmpty()) {
      throw new SettingsException(
          "Cannot evaluate %s: no model is there; set assay.models.embedder, or train one"
              .formatted(
                  String.join(
                      ", ", options.systems().stream().map(EvaluatedSystem::label).toList())));
    }
    return found;
  }

  private static String inWorkspace(String workspace, String name, Configuration hadoop) {
    Path folder = new Path(workspace, name);
    try {
      return folder.getFileSystem(hadoop).exists(folder) ? folder.toString() : "";
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
