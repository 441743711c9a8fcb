package dev.assay.job.search;

import java.util.HashMap;
import java.util.Map;
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
  /** Counts what is to be searched. */
  public static PoolSizes of(Searchable searchable) {
    Map<String, Long> queries = sizes(searchable.queries());
    Map<String, Long> candidates = sizes(searchable.candidates());
    long pairs = 0;
    for (Map.Entry<String, Long> pool : queries.entrySet()) {
      pairs += pool.getValue() * candidates.getOrDefault(pool.getKey(), 0L);
    }
    return new PoolSizes(sum(queries), sum(candidates), pairs);
  }

  private static Map<String, Long> sizes(Dataset<Row> rows) {
    Map<String, Long> sizes = new HashMap<>();
    for (Row pool : rows.groupBy(Searchable.POOL).count().collectAsList()) {
      sizes.put(pool.getString(0), pool.getLong(1));
    }
    return sizes;
  }

  private static long sum(Map<String, Long> sizes) {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
