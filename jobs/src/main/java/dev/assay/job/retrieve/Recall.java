package dev.assay.job.retrieve;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import dev.assay.job.search.PoolSizes;
import dev.assay.job.search.SearchPlan;
import dev.assay.job.search.Searchable;
import dev.assay.job.search.SlicedSearch;
import dev.assay.job.workspace.Tables;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * How much of what an exact search retrieves another search retrieved too.
 *
 * @param queries of the sample
 * @param exact what the exact search retrieved for them
 * @param found how much of it the other search retrieved
 */
record Recall(long queries, long exact, long found) {
  /** Queries that are searched exactly. */
  private static final int SAMPLE = 256;

  private static final String BOTH = "both";

  /** Measures it for the queries whose ids have the smallest hashes. */
  static Recall of(
      SparkSession spark,
      Searchable all,
      PoolSizes sizes,
      RetrieveOptions options,
      SearchPlan plan,
      Dataset<Row> found) {
    Searchable some =
        new Searchable(
            all.queries()
                .orderBy(xxhash64(col(Tables.QUERY_ID)), col(Tables.QUERY_ID))
                .limit(SAMPLE),
            all.candidates());
    long queries = Math.min(SAMPLE, sizes.queries());
    try (SlicedSearch exact =
        new SlicedSearch(
            spark,
            some,
            new PoolSizes(queries, sizes.candidates(), 0),
            options.topK(),
            options.pool(),
            plan,
            spark.sparkContext().longAccumulator(),
            Optional.empty())) {
      Row counts =
          pairs(SlicedSearch.best(exact.hits(), options.topK()))
              .join(
                  pairs(found).withColumn(BOTH, lit(1)),
                  new String[] {Tables.QUERY_ID, Tables.CANDIDATE_ID},
                  "left")
              .agg(count(lit(1)), count(col(BOTH)))
              .first();
      return new Recall(queries, counts.getLong(0), counts.getLong(1));
    }
  }

  private static Dataset<Row> pairs(Dataset<Row> hits) {
    return hits.where(col(Tables.REASON).isNull()).select(Tables.QUERY_ID, Tables.CANDIDATE_ID);
  }

  /** For people: {@code recall@50 0.962 of 256 queries}. */
  String summary(int k) {
    double share = exact == 0 ? 1 : (double) found / exact;
    return String.format(Locale.ROOT, "recall@%d %.3f of %,d queries", k, share, queries);
  }
}
