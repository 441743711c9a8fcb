package dev.assay.job.evaluate.task;

import static dev.assay.job.search.PlainSearch.POOL;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.search.Pool;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The data of an evaluation.
 *
 * @param queries query_id, dataset, pool, text, image, content_hash
 * @param candidates candidate_id and the same
 * @param positives query_id, candidate_id
 * @param choices query_id, candidate_id: the candidates that came with a query to choose among
 * @param imageRoot folder of the images
 */
public record EvaluationData(
    Dataset<Row> queries,
    Dataset<Row> candidates,
    Dataset<Row> positives,
    Dataset<Row> choices,
    String imageRoot) {

  /** The tables that must be there. */
  public static final List<String> TABLES =
      List.of(Tables.QUERIES, Tables.CANDIDATES, Tables.POSITIVES);

  /** Reads the tables of a workspace. */
  public static EvaluationData read(Workspace from, Pool pool) {
    Dataset<Row> positives =
        from.read(Tables.POSITIVES).select(Tables.QUERY_ID, Tables.CANDIDATE_ID);
    return new EvaluationData(
        items(from, Tables.QUERIES, pool),
        items(from, Tables.CANDIDATES, pool),
        positives,
        hasChoices(from)
            ? from.read(Tables.CHOICES).select(Tables.QUERY_ID, Tables.CANDIDATE_ID)
            : positives.limit(0),
        from.imageRoot());
  }

  /** Whether there are choices for these queries; those of an earlier ingest may lie there too. */
  public static boolean hasChoices(Workspace from) {
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

  /** Queries and candidates together: text, image, content_hash. */
  public Dataset<Row> items() {
    String[] columns = {Tables.IMAGE, Tables.CONTENT_HASH};
    return queries.select(Tables.TEXT, columns).union(candidates.select(Tables.TEXT, columns));
  }

  /** How many queries have no positive. */
  public long withoutPositive() {
    String[] query = {Tables.QUERY_ID};
    return queries.join(positives, query, "left_anti").count();
  }

  /** Positives of the queries without choices, which search all candidates. */
  public Dataset<Row> retrievable() {
    String[] query = {Tables.QUERY_ID};
    return positives.join(choices.select(Tables.QUERY_ID).distinct(), query, "left_anti");
  }
}
