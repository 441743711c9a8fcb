package dev.assay.job.evaluate;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Orders the first candidates of each query anew. */
interface Reranking {
  /**
   * Scores lists of candidates.
   *
   * @param lists query_id and candidate_id (in the roles of the search: of a candidate that is
   *     asked for its queries the former is its own), rank (0 first), query_hash and candidate_hash
   *     (the contents, in their true roles)
   * @return query_id, candidate_id, score: the higher the better. What could not be scored is
   *     missing
   */
  Dataset<Row> score(Dataset<Row> lists);
}
