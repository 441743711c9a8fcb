package dev.assay.job.retrieve;

import static dev.assay.job.search.Searchable.CONTENTS;
import static dev.assay.job.search.Searchable.LIMIT;
import static dev.assay.job.search.Searchable.POOL;
import static dev.assay.job.search.Searchable.POSITIVES;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.JobContext;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.search.Pool;
import dev.assay.job.search.Searchable;
import dev.assay.job.workspace.Tables;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The workspace's tables as retrieval searches them.
 *
 * @param searchable queries and candidates
 * @param unsearchable queries that have no limit but need one, as rows of {@code quarantine}
 */
record SearchInput(Searchable searchable, Dataset<Row> unsearchable) {
  private static final String[] BY_QUERY = {Tables.QUERY_ID};
  private static final String[] BY_CANDIDATE = {Tables.CANDIDATE_ID};

  /**
   * @throws SettingsException if the embeddings cannot be compared
   */
  static SearchInput read(JobContext context, RetrieveOptions options) {
    Dataset<Row> queryVectors = context.read(Tables.QUERY_EMBEDDINGS);
    Dataset<Row> candidateVectors = context.read(Tables.CANDIDATE_EMBEDDINGS);
    requireSameDimensions(queryVectors, candidateVectors);
    Column pool =
        (options.pool() == Pool.GLOBAL ? lit("") : coalesce(col(Tables.DATASET), lit(""))).as(POOL);
    Dataset<Row> candidates =
        context
            .read(Tables.CANDIDATES)
            .select(col(Tables.CANDIDATE_ID), col(Tables.CONTENT_HASH), pool)
            .join(candidateVectors, BY_CANDIDATE);
    Dataset<Row> queries =
        context
            .read(Tables.QUERIES)
            .select(col(Tables.QUERY_ID), col(Tables.CONTENT_HASH), pool)
            .join(queryVectors, BY_QUERY)
            .join(positives(context), BY_QUERY, "left")
            .withColumn(
                CONTENTS, array_compact(concat(orNone(CONTENTS), array(col(Tables.CONTENT_HASH)))))
            .drop(Tables.CONTENT_HASH);
    return switch (options.maxSimilarity().kind()) {
      case NONE -> all(queries.withColumn(LIMIT, lit(null).cast("float")), candidates);
      case NUMBER ->
          all(queries.withColumn(LIMIT, lit(options.maxSimilarity().value())), candidates);
      case POSITIVE -> {
        Dataset<Row> limits =
            PositiveSimilarity.lowest(
                context.read(Tables.POSITIVES), queryVectors, candidateVectors, LIMIT);
        yield belowPositive(queries.join(limits, BY_QUERY, "left"), candidates);
      }
    };
  }

  private static Dataset<Row> positives(JobContext context) {
    Dataset<Row> hashes =
        context.read(Tables.CANDIDATES).select(Tables.CANDIDATE_ID, Tables.CONTENT_HASH);
    return context
        .read(Tables.POSITIVES)
        .join(hashes, BY_CANDIDATE, "left")
        .groupBy(Tables.QUERY_ID)
        .agg(
            collect_set(Tables.CANDIDATE_ID).as(POSITIVES),
            collect_set(Tables.CONTENT_HASH).as(CONTENTS));
  }

  private static SearchInput all(Dataset<Row> queries, Dataset<Row> candidates) {
    return new SearchInput(
        new Searchable(queries, candidates), rejected(queries.where(lit(false))));
  }

  private static SearchInput belowPositive(Dataset<Row> queries, Dataset<Row> candidates) {
    Column limited = col(LIMIT).isNotNull();
    return new SearchInput(
        new Searchable(queries.where(limited), candidates), rejected(queries.where(not(limited))));
  }

  private static Dataset<Row> rejected(Dataset<Row> queries) {
    return queries.select(
        col(Tables.QUERY_ID).as(Tables.ID),
        when(col(POSITIVES).isNull(), "no_positive")
            .otherwise("positive_not_embedded")
            .as(Tables.REASON),
        lit("max-similarity=positive needs the similarity of the query with a positive.")
            .as(Tables.DETAIL),
        lit(Tables.POSITIVES).as(Tables.SOURCE));
  }

  private static Column orNone(String strings) {
    return coalesce(col(strings), array().cast("array<string>"));
  }

  private static void requireSameDimensions(Dataset<Row> queries, Dataset<Row> candidates) {
    int ofQueries = dimensions(queries);
    int ofCandidates = dimensions(candidates);
    if (ofQueries != ofCandidates && ofQueries != 0 && ofCandidates != 0) {
      throw new SettingsException(
          String.format(
              Locale.ROOT,
              "Cannot compare query_embeddings of %d dimensions with candidate_embeddings of %d:"
                  + " embed both with one model",
              ofQueries,
              ofCandidates));
    }
  }

  /** Of the first vector; 0 where there is none. */
  private static int dimensions(Dataset<Row> vectors) {
    List<Row> first = vectors.select(Tables.EMBEDDING).takeAsList(1);
    return first.isEmpty() ? 0 : first.get(0).getList(0).size();
  }
}
