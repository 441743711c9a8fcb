package dev.assay.job.evaluate.task;

import dev.assay.job.estimate.CostEstimate;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Scores the first candidates of each query. */
public interface Reranking extends AutoCloseable {
  /** Column: the label of the {@link EvaluationTask}'s direction. */
  String DIRECTION = "direction";

  /**
   * Scores lists of candidates.
   *
   * @param lists direction, query_id, candidate_id, rank (0 is the first), query_hash,
   *     candidate_hash; in the direction from candidate to query the columns named query are those
   *     of the candidate that searches, and the other way round
   * @return direction, query_id, candidate_id, score: higher is better. A candidate that could not
   *     be scored is missing
   */
  Dataset<Row> score(Dataset<Row> lists);

  /**
   * What scoring would cost.
   *
   * @param most how many candidates there are at most
   * @param examples lists like those, as for {@link #score}
   * @param rate candidates a second; empty: it is measured on the examples
   */
  CostEstimate estimate(long most, Dataset<Row> examples, OptionalDouble rate);

  /** Frees what the scores are computed from; scores can be read until then. */
  @Override
  void close();
}
