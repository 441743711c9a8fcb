package dev.assay.job.evaluate;

import dev.assay.job.evaluate.rerank.ListwiseReranking;
import dev.assay.job.evaluate.rerank.PairwiseReranking;
import dev.assay.job.evaluate.rerank.RankCandidates;
import dev.assay.job.inference.EmbedItems;
import dev.assay.job.inference.JudgePairs;
import dev.assay.job.store.Computation;

/** What runs the models. */
interface Models {
  /** Embeds items. */
  Computation embedder(String location, String imageRoot);

  /** Judges pairs, for {@link PairwiseReranking}. */
  Computation pairwise(String location, String imageRoot);

  /** Ranks lists, for {@link ListwiseReranking}. */
  Computation listwise(String location, String imageRoot);

  /** From checkpoint folders. */
  static Models of(EvaluateOptions options) {
    return new Models() {
      @Override
      public Computation embedder(String location, String imageRoot) {
        return new EmbedItems(options.embedding().at(location), imageRoot);
      }

      @Override
      public Computation pairwise(String location, String imageRoot) {
        return new JudgePairs(options.reranking().at(location), imageRoot);
      }

      @Override
      public Computation listwise(String location, String imageRoot) {
        return new RankCandidates(
            options.reranking().at(location), options.listInstruction(), imageRoot);
      }
    };
  }
}
