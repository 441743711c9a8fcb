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

import dev.assay.job.evaluate.figures.Direction;
import dev.assay.job.evaluate.figures.Outcomes;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.storage.StorageLevel;

/**
 * Which candidates each query may choose from. It is right if and only if its positive scores
 * higher, strictly, than every other: a tie is wrong, as SugarCrepe has it, and a model that takes
 * all for the same is right nowhere. Choices of the positive's content are the positive.
 *
 * @param pairs query_id, dataset, query_hash, candidate_hash, candidate_id, is_positive; each
 *     content once a query
 */
public record ChoiceTest(Dataset<Row> pairs) implements AutoCloseable {
  private static final String QUERY_VECTOR = "query_vector";

  public static ChoiceTest of(EvaluationData data) {
    Dataset<Row> hashes =
        data.candidates().select(col(CANDIDATE_ID), col(CONTENT_HASH).as(CANDIDATE_HASH));
    Dataset<Row> right =
        data.positives()
            .join(hashes, CANDIDATE_ID)
            .select(col(QUERY_ID), col(CANDIDATE_HASH), lit(true).as(IS_POSITIVE))
            .distinct();
    Dataset<Row> queries =
        data.queries().select(col(QUERY_ID), col(DATASET), col(CONTENT_HASH).as(QUERY_HASH));
    return new ChoiceTest(
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

  /** Lets go of the pairs, which every system asks for. */
  @Override
  public void close() {
    pairs.unpersist();
  }

  /**
   * The pairs with the embedder's score: the cosine, null where an item has no embedding.
   *
   * @param embeddings content_hash, embedding
   */
  public Dataset<Row> bySimilarity(Dataset<Row> embeddings) {
    Dataset<Row> vectors = PairSimilarity.vectors(embeddings);
    // Pairs are many and queries few: so that no pair travels with a vector, the queries' go to
    // all.
    Dataset<Row> queries =
        vectors
            .toDF(QUERY_HASH, QUERY_VECTOR)
            .join(pairs.select(QUERY_HASH).distinct(), QUERY_HASH);
    return pairs
        .join(vectors.toDF(CANDIDATE_HASH, PairSimilarity.VECTOR), CANDIDATE_HASH)
        .join(broadcast(queries), QUERY_HASH)
        .withColumn(SCORE, PairSimilarity.of(col(QUERY_VECTOR), col(PairSimilarity.VECTOR)))
        .drop(QUERY_VECTOR, PairSimilarity.VECTOR);
  }

  /**
   * The first few of each query with the reranker's score; the others are out.
   *
   * @param top how many, in the order of their scores, ties by id
   */
  public Dataset<Row> reranked(Dataset<Row> bySimilarity, int top, Reranking reranking) {
    WindowSpec nearestFirst =
        Window.partitionBy(QUERY_ID).orderBy(col(SCORE).desc(), col(CANDIDATE_ID).asc());
    Dataset<Row> first =
        bySimilarity
            .withColumn(RANK, row_number().over(nearestFirst).minus(1))
            .where(col(RANK).lt(top))
            .drop(SCORE);
    Dataset<Row> lists = first.select(QUERY_ID, CANDIDATE_ID, RANK, QUERY_HASH, CANDIDATE_HASH);
    return first.join(
        reranking.score(Direction.CHOICES, lists), new String[] {QUERY_ID, CANDIDATE_ID});
  }

  /**
   * What scores are worth.
   *
   * @param scored query_id, is_positive, score; a query or choice that is missing has no score
   */
  public List<Outcomes> outcomes(Dataset<Row> scored) {
    Column right = col("best").gt(coalesce(col("others"), lit(Float.NEGATIVE_INFINITY)));
    Dataset<Row> answers =
        scored
            .groupBy(QUERY_ID)
            .agg(
                max(when(col(IS_POSITIVE), col(SCORE))).as("best"),
                max(when(col(IS_POSITIVE).equalTo(false), col(SCORE))).as("others"))
            .select(col(QUERY_ID), right.as("right"));
    return Outcomes.of(
        Direction.CHOICES,
        pairs
            .select(DATASET, QUERY_ID)
            .distinct()
            .join(answers, new String[] {QUERY_ID}, "left")
            .select(
                col(DATASET),
                col(QUERY_ID),
                lit(1L).as(POSITIVES),
                when(col("right"), array(lit(0))).otherwise(array().cast("array<int>")))
            .collectAsList());
  }
}
