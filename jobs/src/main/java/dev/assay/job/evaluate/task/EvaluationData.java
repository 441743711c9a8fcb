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
import org.apache.spark.storage.StorageLevel;

/**
 * The data of an evaluation. Ids and hashes are read once and persisted, since every task joins
 * them several times; texts and image paths are read where a model needs them.
 *
 * @param queries query_id, dataset, pool, content_hash
 * @param candidates candidate_id, dataset, pool, content_hash
 * @param positives query_id, candidate_id
 * @param choices query_id, candidate_id: the candidates that came with a query to choose among
 * @param queryItems text, image, content_hash
 * @param candidateItems text, image, content_hash
 * @param imageRoot folder of the images
 */
public record EvaluationData(
    Dataset<Row> queries,
    Dataset<Row> candidates,
    Dataset<Row> positives,
    Dataset<Row> choices,
    Dataset<Row> queryItems,
    Dataset<Row> candidateItems,
    String imageRoot)
    implements AutoCloseable {

  /** The tables that must be there. */
  public static final List<String> TABLES =
      List.of(Tables.QUERIES, Tables.CANDIDATES, Tables.POSITIVES);

  /** Reads the tables of a workspace. */
  public static EvaluationData read(Workspace from, Pool pool) {
    Dataset<Row> positives =
        from.read(Tables.POSITIVES)
            .select(Tables.QUERY_ID, Tables.CANDIDATE_ID)
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new EvaluationData(
        names(from, Tables.QUERIES, Tables.QUERY_ID, pool),
        names(from, Tables.CANDIDATES, Tables.CANDIDATE_ID, pool),
        positives,
        hasChoices(from)
            ? from.read(Tables.CHOICES).select(Tables.QUERY_ID, Tables.CANDIDATE_ID)
            : positives.limit(0),
        items(from, Tables.QUERIES),
        items(from, Tables.CANDIDATES),
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

  private static Dataset<Row> names(Workspace from, String table, String id, Pool pool) {
    Column dataset = coalesce(col(Tables.DATASET), lit(""));
    return from.read(table)
        .select(
            col(id),
            dataset.as(Tables.DATASET),
            (pool == Pool.GLOBAL ? lit("") : dataset).as(POOL),
            col(Tables.CONTENT_HASH))
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static Dataset<Row> items(Workspace from, String table) {
    return from.read(table).select(Tables.TEXT, Tables.IMAGE, Tables.CONTENT_HASH);
  }

  /** Queries and candidates together: text, image, content_hash. */
  public Dataset<Row> items() {
    return queryItems.union(candidateItems);
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

  @Override
  public void close() {
    List.of(queries, candidates, positives).forEach(Dataset::unpersist);
  }
}
