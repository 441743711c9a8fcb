package dev.assay.job.evaluate;

import dev.assay.job.evaluate.figures.Bootstrap;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.search.Pool;
import dev.assay.job.store.Slices;
import dev.assay.rerank.ListPrompt;
import dev.assay.udf.OrderChoice;
import dev.assay.udf.RerankMethod;
import dev.assay.udf.compute.Compute;
import java.util.List;

/**
 * Which systems are evaluated, on which data, and how.
 *
 * @param data workspace of the queries, candidates, positives and choices; empty: the job's own
 * @param systems of which those are evaluated whose models are there
 */
public record EvaluateOptions(
    String data,
    List<EvaluatedSystem> systems,
    Checkpoints checkpoints,
    Embedding embedding,
    Retrieval retrieval,
    Rerank rerank,
    Bootstrap bootstrap) {
  /** R@10 and NDCG@10 need as many candidates. */
  private static final int LEAST_DEPTH = 10;

  /**
   * Models that were not trained in the workspace.
   *
   * @param embedder checkpoint folder of the base embedder; empty: there is none
   * @param reranker checkpoint folder of the reranker where the workspace has none; empty: there is
   *     none
   */
  public record Checkpoints(String embedder, String reranker) {}

  /**
   * How embedders are run.
   *
   * @param slices items that are embedded between two commits
   */
  public record Embedding(Compute compute, Slices slices) {}

  /**
   * How candidates are retrieved.
   *
   * @param pool which candidates a query searches
   * @param depth how many candidates of each query are retrieved; a positive beyond counts as a
   *     miss
   * @param blockSize candidates in one matrix product
   */
  public record Retrieval(Pool pool, int depth, int blockSize) {}

  /**
   * How the reranker is run.
   *
   * @param top how many of the first candidates it orders
   * @param order of a pair's sides, for the pairwise method
   * @param slices pairs or candidates that are scored between two commits
   */
  public record Rerank(
      RerankMethod method,
      int top,
      OrderChoice order,
      Instructions instructions,
      Compute compute,
      Slices slices) {}

  /**
   * Instructions of the prompt.
   *
   * @param pair before a query and one candidate
   * @param list before a query and a list of candidates
   */
  public record Instructions(String pair, String list) {}

  public EvaluateOptions {
    systems = List.copyOf(systems);
    int depth = retrieval.depth();
    int top = rerank.top();
    if (depth < LEAST_DEPTH) {
      throw new SettingsException(
          "assay.evaluate.depth is " + depth + "; it must be at least " + LEAST_DEPTH);
    }
    if (top > depth) {
      throw new SettingsException(
          "assay.evaluate.rerank-top is "
              + top
              + ", more than assay.evaluate.depth, which is "
              + depth);
    }
    if (rerank.method() == RerankMethod.LISTWISE && top > ListPrompt.MAX_CANDIDATES) {
      throw new SettingsException(
          "assay.evaluate.rerank-top is "
              + top
              + ", but a list has at most "
              + ListPrompt.MAX_CANDIDATES
              + " candidates; lower it, or set assay.evaluate.rerank-method = pairwise");
    }
  }
}
