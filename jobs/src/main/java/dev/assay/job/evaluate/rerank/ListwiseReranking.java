package dev.assay.job.evaluate.rerank;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.JUDGE;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.RANK;
import static dev.assay.job.workspace.Tables.SCORE;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring_index;

import dev.assay.job.JobContext;
import dev.assay.job.evaluate.figures.Direction;
import dev.assay.job.evaluate.task.EvaluationData;
import dev.assay.job.evaluate.task.Reranking;
import dev.assay.job.evaluate.task.SetAsideItems;
import dev.assay.job.inference.PairTable;
import dev.assay.job.store.Computation;
import dev.assay.job.store.Filled;
import dev.assay.job.store.ResultStore;
import dev.assay.job.store.StoreTable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores each candidate by the probability that it is the best of its list; whoever asks is the
 * prompt's query. Probabilities are kept in the store of {@code judge}, under the fingerprint of
 * the model and that of the list: the contents in their order.
 */
public final class ListwiseReranking implements Reranking {
  /** Column: names a list by its contents. */
  public static final String LIST = "list";

  /** Column: how many are in the list. */
  static final String SIZE = "size";

  private final EvaluationData data;
  private final Computation ranking;
  private final long sliceSize;
  private final SetAsideItems setAside;
  private final JobContext context;

  /**
   * @param setAside takes the candidates that could not be ranked
   */
  public ListwiseReranking(
      EvaluationData data,
      Computation ranking,
      long sliceSize,
      SetAsideItems setAside,
      JobContext context) {
    this.data = data;
    this.ranking = ranking;
    this.sliceSize = sliceSize;
    this.setAside = setAside;
    this.context = context;
  }

  @Override
  public Dataset<Row> score(Direction direction, Dataset<Row> lists) {
    boolean turned = direction == Direction.CANDIDATE_TO_QUERY;
    Dataset<Row> asking = turned ? data.candidates() : data.queries();
    Dataset<Row> asked = turned ? data.queries() : data.candidates();
    Dataset<Row> named = named(lists);
    String[] pair = {QUERY_HASH, CANDIDATE_HASH};
    Dataset<Row> wanted =
        named
            .select(QUERY_HASH, CANDIDATE_HASH, LIST, SIZE, RANK)
            .distinct()
            .join(PairTable.contents(lists, asking, asked), pair);
    ResultStore store = new ResultStore(StoreTable.SCORES, context);
    Filled filled = store.fill(wanted, wanted.count(), sliceSize, ranking);
    setAside.addPairs(turned ? turned(filled.failures()) : filled.failures(), data);
    Dataset<Row> scores =
        filled.values().withColumn(LIST, substring_index(col(JUDGE), RankCandidates.BETWEEN, -1));
    return named
        .join(scores, new String[] {QUERY_HASH, CANDIDATE_HASH, LIST})
        .select(col(QUERY_ID), col(CANDIDATE_ID), col(MARGIN).as(SCORE));
  }

  private static Dataset<Row> turned(Dataset<Row> failures) {
    return failures.select(
        col(CANDIDATE_HASH).as(QUERY_HASH), col(QUERY_HASH).as(CANDIDATE_HASH), col(ERROR));
  }

  private static Dataset<Row> named(Dataset<Row> lists) {
    return lists.join(
        lists
            .groupBy(QUERY_ID, QUERY_HASH)
            .agg(
                array_sort(collect_list(struct(RANK, CANDIDATE_HASH))).as("places"),
                count(lit(1)).as(SIZE))
            .select(
                col(QUERY_ID),
                col(SIZE),
                sha2(concat_ws(" ", col(QUERY_HASH), col("places." + CANDIDATE_HASH)), 256)
                    .as(LIST)),
        QUERY_ID);
  }
}
