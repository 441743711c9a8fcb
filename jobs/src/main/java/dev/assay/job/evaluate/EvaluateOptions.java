package dev.assay.job.evaluate;

import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.search.Pool;
import dev.assay.rerank.ListPrompt;
import java.util.List;

/**
 * What to evaluate on what.
 *
 * @param data workspace of the queries, candidates, positives and choices; empty: the job's own
 * @param systems which of those that are there
 * @param embedder checkpoint folder of the base embedder; empty: there is none
 * @param reranker checkpoint folder of the reranker where the workspace has none; empty: there is
 *     none
 * @param embedding how embedders are run; its model does not matter
 * @param reranking how the reranker is run; its model does not matter
 * @param listInstruction what the reranker is told before a list
 * @param pool among which candidates a query looks
 * @param depth how many candidates of each query are retrieved: positives beyond are not found
 * @param rerankMethod how the reranker orders them
 * @param rerankTop how many of the first candidates the reranker orders anew
 * @param blockSize candidates in one matrix product
 * @param resamples of the bootstrap
 * @param seed of the bootstrap
 */
public record EvaluateOptions(
    String data,
    List<EvaluatedSystem> systems,
    String embedder,
    String reranker,
    EmbedJobOptions embedding,
    JudgeJobOptions reranking,
    String listInstruction,
    Pool pool,
    int depth,
    RerankMethod rerankMethod,
    int rerankTop,
    int blockSize,
    int resamples,
    long seed) {
  /** R@10 and NDCG@10 need so many. */
  private static final int LEAST_DEPTH = 10;

  /** How a reranker looks at candidates. */
  public enum RerankMethod {
    /** One at a time. */
    PAIRWISE,
    /** All of a list together. */
    LISTWISE
  }

  public EvaluateOptions {
    systems = List.copyOf(systems);
    if (depth < LEAST_DEPTH) {
      throw new SettingsException(
          "assay.evaluate.depth must be at least " + LEAST_DEPTH + ", not " + depth);
    }
    if (rerankTop > depth) {
      throw new SettingsException(
          "assay.evaluate.rerank-top = "
              + rerankTop
              + " is more than assay.evaluate.depth = "
              + depth);
    }
    if (rerankMethod == RerankMethod.LISTWISE && rerankTop > ListPrompt.MAX_CANDIDATES) {
      throw new SettingsException(
          "assay.evaluate.rerank-top = "
              + rerankTop
              + " is more than a list can hold: "
              + ListPrompt.MAX_CANDIDATES
              + ", unless assay.evaluate.rerank-method = pairwise");
    }
  }
}
