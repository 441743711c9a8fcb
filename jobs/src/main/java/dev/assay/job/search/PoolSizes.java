package dev.assay.job.search;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How much there is to search.
 *
 * @param queries in all pools
 * @param candidates in all pools
 * @param pairs of a query and a candidate of one pool
 */
public record PoolSizes(long queries, long candidates, long pairs) {
  private static final String QUERY = "query";
  private static final String CANDIDATE = "candidate";

  /** Counts what is to be searched, queries and candidates in one Spark job. */
  public static PoolSizes of(Searchable searchable) {
    Dataset<Row> rows = rows(searchable.queries(), 1).union(rows(searchable.candidates(), 0));
    long queries = 0;
    long candidates = 0;
    long pairs = 0;
    for (Row pool : rows.groupBy(Searchable.POOL).agg(sum(QUERY), sum(CANDIDATE)).collectAsList()) {
      queries += pool.getLong(1);
      candidates += pool.getLong(2);
      pairs += pool.getLong(1) * pool.getLong(2);
    }
    return new PoolSizes(queries, candidates, pairs);
  }

  private static Dataset<Row> rows(Dataset<Row> rows, int query) {
    return rows.select(col(Searchable.POOL), lit(query).as(QUERY), lit(1 - query).as(CANDIDATE));
  }
}
