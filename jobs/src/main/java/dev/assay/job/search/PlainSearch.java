package dev.assay.job.search;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.JobContext;
import dev.assay.job.Progress;
import dev.assay.job.workspace.Tables;
import dev.assay.udf.compute.DeviceChoice;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The nearest candidates of each query in its pool, without rules that exclude any.
 *
 * @param k how many are kept for each query
 * @param blockSize candidates in one matrix product
 */
public record PlainSearch(int k, int blockSize) {
  /** Queries that a task holds: 50 MB at 768 dimensions, and as much for what they found. */
  private static final int QUERIES = 8192;

  /** Pool of a query or candidate: a string. Queries find candidates of their own. */
  public static final String POOL = Searchable.POOL;

  /**
   * Searches, exactly.
   *
   * @param queries query_id, pool, embedding
   * @param candidates candidate_id, pool, embedding
   * @return query_id, candidate_id, rank (0 is the nearest; ties by id), similarity: computed, and
   *     persisted until the caller unpersists it
   */
  public Dataset<Row> nearest(Dataset<Row> queries, Dataset<Row> candidates, JobContext context) {
    Searchable all =
        new Searchable(
            queries
                .withColumn(Searchable.POSITIVES, array().cast("array<string>"))
                .withColumn(Searchable.CONTENTS, array().cast("array<string>"))
                .withColumn(Searchable.LIMIT, lit(null).cast("float")),
            candidates.withColumn(Tables.CONTENT_HASH, lit(null).cast("string")));
    SearchPlan plan = new SearchPlan(blockSize, QUERIES, DeviceChoice.CPU);
    PoolSizes sizes = PoolSizes.of(all);
    try (Progress.Work work = context.progress().start("pairs", sizes.pairs());
        SlicedSearch search =
            new SlicedSearch(
                context.spark(),
                all,
                sizes,
                k,
                Pool.DATASET,
                plan,
                work.counter(),
                Optional.empty())) {
      Dataset<Row> nearest =
          SlicedSearch.best(search.hits(), k)
              .select(Tables.QUERY_ID, Tables.CANDIDATE_ID, Tables.RANK, Tables.SIMILARITY)
              .persist(StorageLevel.MEMORY_AND_DISK());
      nearest.count();
      return nearest;
    }
  }
}
