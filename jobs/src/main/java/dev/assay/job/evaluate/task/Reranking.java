package dev.assay.job.evaluate.task;

import dev.assay.job.evaluate.figures.Direction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Orders the first candidates of each query anew. */
public interface Reranking {
  /**
   * Scores lists of candidates.
   *
   * @param direction in which is asked: from candidate to query the columns that are called query
   *     are those of the candidate that asks, and the other way round
   * @param lists query_id, candidate_id, rank (0 first), query_hash, candidate_hash
   * @return query_id, candidate_id, score: the higher the better. What could not be scored is
   *     missing
   */
  Dataset<Row> score(Direction direction, Dataset<Row> lists);
}
