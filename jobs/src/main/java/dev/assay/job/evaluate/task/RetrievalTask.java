package dev.assay.job.evaluate.task;

import static dev.assay.job.search.PlainSearch.POOL;
import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.DATASET;
import static dev.assay.job.workspace.Tables.EMBEDDING;
import static dev.assay.job.workspace.Tables.POSITIVES;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.RANK;
import static dev.assay.job.workspace.Tables.SCORE;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import dev.assay.job.JobContext;
import dev.assay.job.evaluate.figures.Direction;
import dev.assay.job.search.PlainSearch;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.storage.StorageLevel;

/**
 * Retrieval: each query searches all candidates of its pool. In the direction from candidate to
 * query the sides are swapped: the columns named query are those of the candidate that searches.
 *
 * <p>Candidates of equal content (the same text and image bytes) are one candidate, under the
 * smallest of their ids. A query without a positive is left out. An item without an embedding finds
 * nothing and is not found; this counts as a miss.
 *
 * @param asking query_id, dataset, pool, content_hash, positives (how many contents are right)
 * @param asked candidate_id, pool, content_hash; each content of a pool once
 * @param relevant query_id, candidate_id
 */
public record RetrievalTask(
    Direction direction,
    Dataset<Row> asking,
    Dataset<Row> asked,
    Dataset<Row> relevant,
    PlainSearch search)
    implements EvaluationTask {
  private static final String RIGHT = "right_hash";
  private static final String REORDERED = "reordered";
  private static final String NUMBER = "number";

  /** Queries search candidates. */
  public static RetrievalTask queryToCandidate(EvaluationData data, PlainSearch search) {
    Dataset<Row> pairs =
        data.retrievable()
            .join(
                data.candidates().select(col(CANDIDATE_ID), col(CONTENT_HASH).as(RIGHT)),
                CANDIDATE_ID)
            .select(QUERY_ID, RIGHT);
    return of(Direction.QUERY_TO_CANDIDATE, data.queries(), data.candidates(), pairs, search);
  }

  /** Candidates search queries. */
  public static RetrievalTask candidateToQuery(EvaluationData data, PlainSearch search) {
    Dataset<Row> distinct =
        data.candidates()
            .groupBy(POOL, CONTENT_HASH)
            .agg(min(struct(CANDIDATE_ID, DATASET)).as("first"))
            .select(
                col("first.candidate_id").as(QUERY_ID),
                col("first.dataset").as(DATASET),
                col(POOL),
                col(CONTENT_HASH));
    Dataset<Row> names =
        data.candidates()
            .select(CANDIDATE_ID, POOL, CONTENT_HASH)
            .join(distinct.drop(DATASET), new String[] {POOL, CONTENT_HASH})
            .select(col(CANDIDATE_ID), col(QUERY_ID).as("asking_id"));
    Dataset<Row> pairs =
        data.retrievable()
            .join(data.queries().select(col(QUERY_ID), col(CONTENT_HASH).as(RIGHT)), QUERY_ID)
            .join(names, CANDIDATE_ID)
            .select(col("asking_id").as(QUERY_ID), col(RIGHT));
    Dataset<Row> queries = data.queries().withColumnRenamed(QUERY_ID, CANDIDATE_ID);
    return of(Direction.CANDIDATE_TO_QUERY, distinct, queries, pairs, search);
  }

  private static RetrievalTask of(
      Direction direction,
      Dataset<Row> askers,
      Dataset<Row> candidates,
      Dataset<Row> pairs,
      PlainSearch search) {
    Dataset<Row> asking =
        askers
            .select(QUERY_ID, DATASET, POOL, CONTENT_HASH)
            .join(pairs.groupBy(QUERY_ID).agg(count_distinct(col(RIGHT)).as(POSITIVES)), QUERY_ID)
            .persist(StorageLevel.MEMORY_AND_DISK());
    Dataset<Row> asked =
        candidates
            .groupBy(POOL, CONTENT_HASH)
            .agg(min(CANDIDATE_ID).as(CANDIDATE_ID))
            .persist(StorageLevel.MEMORY_AND_DISK());
    Dataset<Row> relevant =
        pairs
            .distinct()
            .join(asking.select(QUERY_ID, POOL), QUERY_ID)
            .join(asked.withColumnRenamed(CONTENT_HASH, RIGHT), new String[] {POOL, RIGHT})
            .select(QUERY_ID, CANDIDATE_ID)
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new RetrievalTask(direction, asking, asked, relevant, search);
  }

  @Override
  public void close() {
    List.of(asking, asked, relevant).forEach(Dataset::unpersist);
  }

  /** How many positives are in another pool than their query. */
  public long unreachable() {
    Row all = asking.agg(sum(POSITIVES)).first();
    return (all.isNullAt(0) ? 0 : all.getLong(0)) - relevant.count();
  }

  /**
   * @return query_id, candidate_id, rank, similarity
   */
  @Override
  public Dataset<Row> results(Dataset<Row> vectors, JobContext context) {
    return search.nearest(
        asking.join(vectors, CONTENT_HASH).select(QUERY_ID, POOL, EMBEDDING),
        asked.join(vectors, CONTENT_HASH).select(CANDIDATE_ID, POOL, EMBEDDING),
        context);
  }

  @Override
  public long mostPairs(int top) {
    return asking.count() * top;
  }

  /** The first query of a pool gets its first candidates, the second the next ones. */
  @Override
  public Dataset<Row> exampleLists(int top) {
    Dataset<Row> candidates = numbered(hashes(asked, CANDIDATE_ID, CANDIDATE_HASH), CANDIDATE_HASH);
    Dataset<Row> lists =
        candidates
            .withColumn(RANK, col(NUMBER).mod(top))
            .withColumn(NUMBER, floor(col(NUMBER).divide(top)).cast("int"));
    return numbered(hashes(asking, QUERY_ID, QUERY_HASH), QUERY_HASH)
        .join(lists, new String[] {POOL, NUMBER})
        .select(QUERY_ID, CANDIDATE_ID, RANK, QUERY_HASH, CANDIDATE_HASH);
  }

  private static Dataset<Row> numbered(Dataset<Row> rows, String by) {
    WindowSpec ofPool = Window.partitionBy(POOL).orderBy(col(by));
    return rows.withColumn(NUMBER, row_number().over(ofPool).minus(1));
  }

  @Override
  public Dataset<Row> lists(Dataset<Row> results, int top) {
    return results
        .where(col(RANK).lt(top))
        .join(hashes(asking, QUERY_ID, QUERY_HASH).drop(POOL), QUERY_ID)
        .join(hashes(asked, CANDIDATE_ID, CANDIDATE_HASH).drop(POOL), CANDIDATE_ID)
        .select(QUERY_ID, CANDIDATE_ID, RANK, QUERY_HASH, CANDIDATE_HASH);
  }

  /** Candidates of equal score, and those without one, stay in the order they had. */
  @Override
  public Dataset<Row> reranked(Dataset<Row> results, int top, Dataset<Row> scores) {
    Dataset<Row> ranks = results.select(QUERY_ID, CANDIDATE_ID, RANK);
    WindowSpec bestFirst =
        Window.partitionBy(QUERY_ID).orderBy(col(SCORE).desc_nulls_last(), col(RANK).asc());
    Dataset<Row> first =
        ranks
            .where(col(RANK).lt(top))
            .join(scores, new String[] {QUERY_ID, CANDIDATE_ID}, "left")
            .withColumn(REORDERED, row_number().over(bestFirst).minus(1))
            .select(col(QUERY_ID), col(CANDIDATE_ID), col(REORDERED).as(RANK));
    return first.union(ranks.where(col(RANK).geq(top)));
  }

  private static Dataset<Row> hashes(Dataset<Row> items, String id, String hash) {
    return items.select(col(id), col(POOL), col(CONTENT_HASH).as(hash));
  }

  @Override
  public Dataset<Row> answers(Dataset<Row> results) {
    Dataset<Row> found =
        results
            .join(relevant, new String[] {QUERY_ID, CANDIDATE_ID})
            .groupBy(QUERY_ID)
            .agg(array_sort(collect_list(RANK)).as("ranks"));
    return asking
        .join(found, new String[] {QUERY_ID}, "left")
        .select(
            col(DATASET),
            col(QUERY_ID),
            col(POSITIVES),
            coalesce(col("ranks"), array().cast("array<int>")).as("ranks"));
  }
}
