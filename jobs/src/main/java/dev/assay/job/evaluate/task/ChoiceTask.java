package dev.assay.job.evaluate.task;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.DATASET;
import static dev.assay.job.workspace.Tables.IS_POSITIVE;
import static dev.assay.job.workspace.Tables.POSITIVES;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.RANK;
import static dev.assay.job.workspace.Tables.SCORE;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.JobContext;
import dev.assay.job.evaluate.figures.Direction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.storage.StorageLevel;

/**
 * Choice: each query chooses among the candidates that were given with it. The answer is right if
 * the positive scores strictly higher than every other candidate. A tie is wrong, as in SugarCrepe,
 * so a model that scores all candidates alike is never right. Choices with the positive's content
 * count as the positive.
 *
 * @param pairs query_id, dataset, query_hash, candidate_hash, candidate_id, is_positive; each
 *     content once a query
 */
public record ChoiceTask(Dataset<Row> pairs) implements EvaluationTask {
  private static final String QUERY_VECTOR = "query_vector";

  public static ChoiceTask of(EvaluationData data) {
    Dataset<Row> hashes =
        data.candidates().select(col(CANDIDATE_ID), col(CONTENT_HASH).as(CANDIDATE_HASH));
    Dataset<Row> right =
        data.positives()
            .join(hashes, CANDIDATE_ID)
            .select(col(QUERY_ID), col(CANDIDATE_HASH), lit(true).as(IS_POSITIVE))
            .distinct();
    Dataset<Row> queries =
        data.queries().select(col(QUERY_ID), col(DATASET), col(CONTENT_HASH).as(QUERY_HASH));
    return new ChoiceTask(
        data.choices()
            .join(hashes, CANDIDATE_ID)
            .groupBy(QUERY_ID, CANDIDATE_HASH)
            .agg(min(CANDIDATE_ID).as(CANDIDATE_ID))
            .join(data.positives().select(QUERY_ID).distinct(), QUERY_ID)
            .join(right, new String[] {QUERY_ID, CANDIDATE_HASH}, "left")
            .withColumn(IS_POSITIVE, coalesce(col(IS_POSITIVE), lit(false)))
            .join(queries, QUERY_ID)
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  @Override
  public Direction direction() {
    return Direction.CHOICES;
  }

  @Override
  public void close() {
    pairs.unpersist();
  }

  /**
   * @return the pairs whose items have embeddings, with their cosine as score
   */
  @Override
  public Dataset<Row> results(Dataset<Row> embeddings, JobContext context) {
    Dataset<Row> vectors = PairSimilarity.vectors(embeddings);
    // There are many pairs and few queries: the queries' vectors are sent to every task, so that
    // pairs are not shuffled with a vector each.
    Dataset<Row> queries =
        vectors
            .toDF(QUERY_HASH, QUERY_VECTOR)
            .join(pairs.select(QUERY_HASH).distinct(), QUERY_HASH);
    return pairs
        .join(vectors.toDF(CANDIDATE_HASH, PairSimilarity.VECTOR), CANDIDATE_HASH)
        .join(broadcast(queries), QUERY_HASH)
        .withColumn(SCORE, PairSimilarity.of(col(QUERY_VECTOR), col(PairSimilarity.VECTOR)))
        .drop(QUERY_VECTOR, PairSimilarity.VECTOR)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  @Override
  public long mostPairs(int top) {
    return exampleLists(top).count();
  }

  @Override
  public Dataset<Row> exampleLists(int top) {
    return lists(pairs.withColumn(SCORE, lit(0)), top);
  }

  @Override
  public Dataset<Row> lists(Dataset<Row> results, int top) {
    WindowSpec nearestFirst =
        Window.partitionBy(QUERY_ID).orderBy(col(SCORE).desc(), col(CANDIDATE_ID).asc());
    return results
        .withColumn(RANK, row_number().over(nearestFirst).minus(1))
        .where(col(RANK).lt(top))
        .select(QUERY_ID, CANDIDATE_ID, RANK, QUERY_HASH, CANDIDATE_HASH);
  }

  /** Candidates that the reranker did not score are left out. */
  @Override
  public Dataset<Row> reranked(Dataset<Row> results, int top, Dataset<Row> scores) {
    return results.drop(SCORE).join(scores, new String[] {QUERY_ID, CANDIDATE_ID});
  }

  @Override
  public Dataset<Row> answers(Dataset<Row> results) {
    Column right = col("best").gt(coalesce(col("others"), lit(Float.NEGATIVE_INFINITY)));
    Dataset<Row> answers =
        results
            .groupBy(QUERY_ID)
            .agg(
                max(when(col(IS_POSITIVE), col(SCORE))).as("best"),
                max(when(col(IS_POSITIVE).equalTo(false), col(SCORE))).as("others"))
            .select(col(QUERY_ID), right.as("right"));
    return pairs
        .select(DATASET, QUERY_ID)
        .distinct()
        .join(answers, new String[] {QUERY_ID}, "left")
        .select(
            col(DATASET),
            col(QUERY_ID),
            lit(1L).as(POSITIVES),
            when(col("right"), array(lit(0))).otherwise(array().cast("array<int>")).as("ranks"));
  }
}
