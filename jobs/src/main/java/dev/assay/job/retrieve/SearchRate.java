package dev.assay.job.retrieve;

import dev.assay.job.JobContext;
import dev.assay.job.estimate.Calibration;
import dev.assay.job.search.PoolSizes;
import dev.assay.job.search.SearchPlan;
import dev.assay.job.search.Searchable;
import dev.assay.job.search.SlicedSearch;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;

/**
 * How many pairs of a query and a candidate this machine compares in a second. Some queries search
 * some candidates exactly, then four times as many queries, until that takes long enough. What they
 * find is dropped.
 */
record SearchRate(JobContext context, RetrieveOptions options, SearchInput input) {
  private static final int FIRST_QUERIES = 256;

  /** Bytes of the candidates' vectors. */
  private static final long CANDIDATE_BYTES = 128L << 20;

  /**
   * @param sizes of the whole input, which is not empty
   */
  double measured(PoolSizes sizes) {
    int most = (int) (CANDIDATE_BYTES / ((long) Float.BYTES * input.dimensions()));
    Dataset<Row> candidates = input.searchable().candidates().limit(most);
    candidates.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return Calibration.rate(
          FIRST_QUERIES,
          sizes.queries(),
          queries ->
              Math.max(
                  1,
                  compared(
                      new Searchable(input.searchable().queries().limit((int) queries), candidates),
                      queries,
                      Math.min(most, sizes.candidates()))),
          (queries, seconds) -> {});
    } finally {
      candidates.unpersist();
    }
  }

  private long compared(Searchable some, long queries, long candidates) {
    LongAccumulator pairs = context.spark().sparkContext().longAccumulator();
    SearchPlan plan =
        SearchPlan.of(options.blockSize(), input.dimensions(), options.topK(), options.device());
    PoolSizes sizes = new PoolSizes(queries, candidates, queries * candidates);
    try (SlicedSearch search =
        new SlicedSearch(
            context.spark(),
            some,
            sizes,
            options.topK(),
            options.pool(),
            plan,
            pairs,
            Optional.empty())) {
      search.hits().write().format("noop").mode("overwrite").save();
    }
    return pairs.value();
  }
}
