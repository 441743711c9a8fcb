package dev.assay.job.demo;

import dev.assay.job.failure.SettingsException;
import dev.assay.scenes.dataset.SceneDataset;
import dev.assay.scenes.source.Split;

/**
 * The scenes of the demo.
 *
 * @param queries the number of queries of each of the three tasks
 * @param candidates the number of candidates of each task
 * @param seed the same seed gives the same scenes
 */
public record DemoOptions(int queries, int candidates, long seed) {
  public DemoOptions {
    if (candidates < SceneDataset.fewestCandidates(queries)) {
      throw new SettingsException(
          "Cannot run the demo: assay.demo.candidates is "
              + candidates
              + "; "
              + queries
              + " queries need at least "
              + SceneDataset.fewestCandidates(queries));
    }
  }

  /** The name of the file that marks a complete dataset of these options. */
  String marker() {
    return "_drawn-" + queries + "-" + candidates + "-" + seed;
  }

  SceneDataset dataset() {
    return SceneDataset.of(Split.PIPELINE, seed, queries, candidates);
  }

  /** A dataset of the same size, of scenes that neither the models nor the pipeline have seen. */
  SceneDataset heldOut() {
    return SceneDataset.of(Split.HELD_OUT, seed, queries, candidates);
  }
}
