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
import static org.apache.spark.sql.functions.min;
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
 * @param searchable queries, and one candidate for each content of a pool
 * @param named what the contents of positives are called for their queries
 * @param dimensions of the vectors; 0 where there are none
 * @param unsearchable queries that have no limit but need one, as rows of {@code quarantine}
 */
record SearchInput(
    Searchable searchable, PositiveContents named, int dimensions, Dataset<Row> unsearchable) {
  private static final String[] BY_QUERY = {Tables.QUERY_ID};
  private static final String[] BY_CANDIDATE = {Tables.CANDIDATE_ID};

  /**
   * @throws SettingsException if the embeddings cannot be compared
   */
  static SearchInput read(JobContext context, RetrieveOptions options) {
    Dataset<Row> queryVectors = context.read(Tables.QUERY_EMBEDDINGS);
    Dataset<Row> candidateVectors = context.read(Tables.CANDIDATE_EMBEDDINGS);
    int dimensions = requireSameDimensions(queryVectors, candidateVectors);
    Column pool =
        (options.pool() == Pool.GLOBAL ? lit("") : coalesce(col(Tables.DATASET), lit(""))).as(POOL);
    Dataset<Row> embedded =
        context
            .read(Tables.CANDIDATES)
            .select(col(Tables.CANDIDATE_ID), col(Tables.CONTENT_HASH), pool)
            .join(candidateVectors.select(Tables.CANDIDATE_ID), BY_CANDIDATE);
    Dataset<Row> candidates = onePerContent(embedded).join(candidateVectors, BY_CANDIDATE);
    Dataset<Row> queries =
        context
            .read(Tables.QUERIES)
            .select(col(Tables.QUERY_ID), col(Tables.CONTENT_HASH), pool)
            .join(queryVectors, BY_QUERY)
            .join(positives(context), BY_QUERY, "left")
            .withColumn(
                CONTENTS, array_compact(concat(orNone(CONTENTS), array(col(Tables.CONTENT_HASH)))))
            .drop(Tables.CONTENT_HASH);
    PositiveContents named =
        PositiveContents.of(
            context.read(Tables.POSITIVES), queries.select(Tables.QUERY_ID, POOL), embedded);
    return switch (options.maxSimilarity().kind()) {
      case NONE ->
          all(queries.withColumn(LIMIT, lit(null).cast("float")), candidates, named, dimensions);
      case NUMBER ->
          all(
              queries.withColumn(LIMIT, lit(options.maxSimilarity().value())),
              candidates,
              named,
              dimensions);
      case POSITIVE -> {
        Dataset<Row> limits =
            PositiveSimilarity.lowest(
                context.read(Tables.POSITIVES), queryVectors, candidateVectors, LIMIT);
        yield belowPositive(queries.join(limits, BY_QUERY, "left"), candidates, named, dimensions);
      }
    };
  }

  /**
   * Of the candidates of one content in a pool, the one with the smallest id stands for all. Those
   * of unknown content stand for themselves.
   */
  private static Dataset<Row> onePerContent(Dataset<Row> candidates) {
    Column known = col(Tables.CONTENT_HASH).isNotNull();
    Dataset<Row> first =
        candidates
            .where(known)
            .groupBy(POOL, Tables.CONTENT_HASH)
            .agg(min(Tables.CANDIDATE_ID).as(Tables.CANDIDATE_ID));
    return candidates.where(not(known)).unionByName(first);
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

  private static SearchInput all(
      Dataset<Row> queries, Dataset<Row> candidates, PositiveContents named, int dimensions) {
    return new SearchInput(
        new Searchable(queries, candidates),
        named,
        dimensions,
        rejected(queries.where(lit(false))));
  }

  private static SearchInput belowPositive(
      Dataset<Row> queries, Dataset<Row> candidates, PositiveContents named, int dimensions) {
    Column limited = col(LIMIT).isNotNull();
    return new SearchInput(
        new Searchable(queries.where(limited), candidates),
        named,
        dimensions,
        rejected(queries.where(not(limited))));
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

  /** How many both have. */
  private static int requireSameDimensions(Dataset<Row> queries, Dataset<Row> candidates) {
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
    return Math.max(ofQueries, ofCandidates);
  }

  /** Of the first vector; 0 where there is none. */
  private static int dimensions(Dataset<Row> vectors) {
    List<Row> first = vectors.select(Tables.EMBEDDING).takeAsList(1);
    return first.isEmpty() ? 0 : first.get(0).getList(0).size();
  }
}
