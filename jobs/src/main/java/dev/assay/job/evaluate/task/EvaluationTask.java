package dev.assay.job.evaluate.task;

import dev.assay.job.JobContext;
import dev.assay.job.evaluate.figures.Direction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What systems are tested on. A task names the side that searches query and the side that is
 * searched candidate, whichever its {@link Direction} is.
 */
public interface EvaluationTask extends AutoCloseable {
  Direction direction();

  /**
   * What an embedder finds.
   *
   * @param vectors content_hash, embedding
   * @return rows of this task, persisted until the caller unpersists them
   */
  Dataset<Row> results(Dataset<Row> vectors, JobContext context);

  /**
   * How many pairs a reranker gets at most.
   *
   * @param top candidates of each query
   */
  long mostPairs(int top);

  /**
   * Lists for a reranker before it is known what an embedder finds: other candidates, and as many
   * of them.
   *
   * @return as {@link #lists}
   */
  Dataset<Row> exampleLists(int top);

  /**
   * The first candidates of each query, for a reranker.
   *
   * @param results of {@link #results}
   * @param top how many candidates
   * @return query_id, candidate_id, rank (0 is the first), query_hash, candidate_hash
   */
  Dataset<Row> lists(Dataset<Row> results, int top);

  /**
   * The results after the reranker.
   *
   * @param results of {@link #results}
   * @param top how many candidates of each query were reranked
   * @param scores query_id, candidate_id, score: the reranker's; a candidate without a score is
   *     missing
   */
  Dataset<Row> reranked(Dataset<Row> results, int top, Dataset<Row> scores);

  /**
   * Where each query's positives are in the results.
   *
   * @param results of {@link #results} or {@link #reranked}
   * @return dataset, query_id, positives (how many the query has), ranks (of those that were found,
   *     ascending, 0 is the first)
   */
  Dataset<Row> answers(Dataset<Row> results);

  /** Frees the tables that the task keeps. */
  @Override
  void close();
}
