package dev.assay.job.evaluate;

import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A system and the folders of its models.
 *
 * @param embedder model folder
 * @param reranker model folder, or null for a system that does not rerank
 */
record SystemModels(EvaluatedSystem system, String embedder, String reranker) {
  /**
   * The systems whose models exist.
   *
   * @param workspace where they were trained
   * @throws SettingsException if there are none
   */
  static List<SystemModels> find(EvaluateOptions options, Workspace workspace) {
    String base = options.checkpoints().embedder();
    String trained = inWorkspace(workspace, Tables.EMBEDDER_MODEL);
    String reranker = inWorkspace(workspace, Tables.RERANKER_MODEL);
    List<SystemModels> found = new ArrayList<>();
    for (EvaluatedSystem system : options.systems()) {
      boolean reranks = system == EvaluatedSystem.RERANKED;
      String embedder =
          system == EvaluatedSystem.BASE || (reranks && trained.isEmpty()) ? base : trained;
      String judge = reranks && reranker.isEmpty() ? options.checkpoints().reranker() : reranker;
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

  /** The folder of a trained model; empty if there is none, or training has not finished. */
  private static String inWorkspace(Workspace workspace, String model) {
    return workspace.has(model) ? workspace.outputFolder(model).toString() : "";
  }
}
