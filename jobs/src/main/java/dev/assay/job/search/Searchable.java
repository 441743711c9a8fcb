package dev.assay.job.search;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Queries and candidates as they are searched: with vector, pool and rules.
 *
 * @param queries columns query_id, pool, embedding, positives (ids), contents (hashes that stand
 *     for the positives or the query), limit (null: none)
 * @param candidates columns candidate_id, pool, embedding, content_hash
 */
public record Searchable(Dataset<Row> queries, Dataset<Row> candidates) {
  /** Column: the pool of a query or candidate, a string. */
  public static final String POOL = "pool";

  /** Column: the ids of a query's positives. */
  public static final String POSITIVES = "positives";

  /** Column: the content hashes that a query may not retrieve. */
  public static final String CONTENTS = "contents";

  /** Column: the similarity that everything retrieved must stay below. */
  public static final String LIMIT = "limit";
}
