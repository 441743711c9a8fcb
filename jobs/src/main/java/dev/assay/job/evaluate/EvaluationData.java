package dev.assay.job.evaluate;

import static dev.assay.job.search.PlainSearch.POOL;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.JobContext;
import dev.assay.job.search.Pool;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What is evaluated on.
 *
 * @param queries query_id, dataset, pool, text, image, content_hash
 * @param candidates candidate_id and the same
 * @param positives query_id, candidate_id
 * @param choices query_id, candidate_id: of queries that come with the candidates to choose from
 * @param imageRoot folder of the images
 */
record EvaluationData(
    Dataset<Row> queries,
    Dataset<Row> candidates,
    Dataset<Row> positives,
    Dataset<Row> choices,
    String imageRoot) {

  /** The tables that must be there. */
  static final List<String> TABLES = List.of(Tables.QUERIES, Tables.CANDIDATES, Tables.POSITIVES);

  static EvaluationData read(EvaluateOptions options, JobContext context) {
    Workspace from = workspace(options, context);
    Dataset<Row> positives =
        from.read(Tables.POSITIVES).select(Tables.QUERY_ID, Tables.CANDIDATE_ID);
    return new EvaluationData(
        items(from, Tables.QUERIES, options.pool()),
        items(from, Tables.CANDIDATES, options.pool()),
        positives,
        hasChoices(from)
            ? from.read(Tables.CHOICES).select(Tables.QUERY_ID, Tables.CANDIDATE_ID)
            : positives.limit(0),
        from.imageRoot());
  }

  /** Where the data lies. */
  static Workspace workspace(EvaluateOptions options, JobContext context) {
    return options.data().isEmpty()
        ? context.workspace()
        : Workspace.openToRead(context.spark(), options.data());
  }

  /** Whether there are choices for these queries; those of an earlier ingest may lie there too. */
  static boolean hasChoices(Workspace from) {
    Manifest queries = from.manifest(Tables.QUERIES);
    return from.find(Tables.CHOICES)
        .filter(
            choices ->
                choices.inputs().equals(queries.inputs())
                    && choices.settings().equals(queries.settings()))
        .isPresent();
  }

  private static Dataset<Row> items(Workspace from, String table, Pool pool) {
    Column dataset = coalesce(col(Tables.DATASET), lit(""));
    return from.read(table)
        .withColumn(Tables.DATASET, dataset)
        .withColumn(POOL, pool == Pool.GLOBAL ? lit("") : dataset);
  }

  /** How many queries cannot be evaluated on. */
  long withoutPositive() {
    String[] query = {Tables.QUERY_ID};
    return queries.join(positives, query, "left_anti").count();
  }

  /** Positives of queries that look for them among all candidates. */
  Dataset<Row> retrievable() {
    String[] query = {Tables.QUERY_ID};
    return positives.join(choices.select(Tables.QUERY_ID).distinct(), query, "left_anti");
  }
}
