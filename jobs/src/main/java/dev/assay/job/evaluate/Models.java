package dev.assay.job.evaluate;

import dev.assay.job.evaluate.rerank.ListwiseReranking;
import dev.assay.job.evaluate.rerank.PairwiseReranking;
import dev.assay.job.evaluate.rerank.RankCandidates;
import dev.assay.job.inference.EmbedItems;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.inference.JudgePairs;
import dev.assay.job.store.Computation;

/** Runs the models that are evaluated. */
interface Models {
  /** Embeds items. */
  Computation embedder(String location, String imageRoot);

  /** Judges pairs, for {@link PairwiseReranking}. */
  Computation pairwise(String location, String imageRoot);

  /** Ranks lists, for {@link ListwiseReranking}. */
  Computation listwise(String location, String imageRoot);

  /** Models from checkpoint folders. */
  static Models of(EvaluateOptions options) {
    return new Models() {
      @Override
      public Computation embedder(String location, String imageRoot) {
        EvaluateOptions.Embedding embedding = options.embedding();
        return new EmbedItems(
            new EmbedJobOptions(location, embedding.compute(), embedding.slices()), imageRoot);
      }

      @Override
      public Computation pairwise(String location, String imageRoot) {
        EvaluateOptions.Rerank rerank = options.rerank();
        return new JudgePairs(
            new JudgeJobOptions(
                location,
                rerank.compute(),
                rerank.order(),
                rerank.instructions().pair(),
                rerank.slices()),
            imageRoot);
      }

      @Override
      public Computation listwise(String location, String imageRoot) {
        EvaluateOptions.Rerank rerank = options.rerank();
        return new RankCandidates(
            location, rerank.compute(), rerank.instructions().list(), imageRoot);
      }
    };
  }
}
