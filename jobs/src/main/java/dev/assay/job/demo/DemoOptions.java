package dev.assay.job.demo;

import dev.assay.job.failure.SettingsException;
import dev.assay.scenes.dataset.SceneDataset;
import dev.assay.scenes.source.Split;

/**
 * Which scenes the demo runs on.
 *
 * @param queries of each of the three tasks
 * @param candidates of each task
 * @param seed the same one gives the same scenes
 */
public record DemoOptions(int queries, int candidates, long seed) {
  public DemoOptions {
    if (candidates < SceneDataset.fewestCandidates(queries)) {
      throw new SettingsException(
          "Cannot run the demo: assay.demo.candidates is %d; %d queries need at least %d"
              .formatted(candidates, queries, SceneDataset.fewestCandidates(queries)));
    }
  }

  /** The name of the file that says: the dataset of just these options is here. */
  String marker() {
    return "_drawn-%d-%d-%d".formatted(queries, candidates, seed);
  }

  SceneDataset dataset() {
    return SceneDataset.of(Split.PIPELINE, seed, queries, candidates);
  }

  /** As large, of scenes that neither the models nor the pipeline have seen. */
  SceneDataset heldOut() {
    return SceneDataset.of(Split.HELD_OUT, seed, queries, candidates);
  }
}
