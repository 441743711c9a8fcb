package dev.assay.job.evaluate.rerank;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.LIST;
import static dev.assay.job.workspace.Tables.PROBABILITY;
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
import static org.apache.spark.sql.functions.when;

import dev.assay.job.JobContext;
import dev.assay.job.PersistedRows;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.evaluate.figures.Direction;
import dev.assay.job.evaluate.task.EvaluationData;
import dev.assay.job.evaluate.task.Reranking;
import dev.assay.job.evaluate.task.SetAsideItems;
import dev.assay.job.inference.EmbedItems;
import dev.assay.job.inference.PairTable;
import dev.assay.job.store.Computation;
import dev.assay.job.store.Filled;
import dev.assay.job.store.ResultStore;
import dev.assay.job.store.Slices;
import dev.assay.job.store.StoreTable;
import dev.assay.job.store.Wanted;
import dev.assay.job.store.estimate.StoreEstimate;
import java.util.OptionalDouble;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores each candidate by the probability that it is the best of its list. The item that searches
 * is the query of the prompt, in both directions. Probabilities are kept in a store of their own,
 * by the contents of the list in their order.
 */
public final class ListwiseReranking implements Reranking {
  /** Column: how many candidates are in the list. */
  static final String SIZE = "size";

  private final EvaluationData data;
  private final Computation ranking;
  private final Slices slices;
  private final SetAsideItems setAside;
  private final JobContext context;
  private final PersistedRows persisted = PersistedRows.inMemory();

  /**
   * @param ranking runs the reranker
   * @param slices candidates that are ranked between two commits
   * @param setAside takes the candidates that could not be ranked
   */
  public ListwiseReranking(
      EvaluationData data,
      Computation ranking,
      Slices slices,
      SetAsideItems setAside,
      JobContext context) {
    this.data = data;
    this.ranking = ranking;
    this.slices = slices;
    this.setAside = setAside;
    this.context = context;
  }

  @Override
  public Dataset<Row> score(Dataset<Row> lists) {
    Dataset<Row> named = named(lists);
    ResultStore store = new ResultStore(StoreTable.LIST_SCORES, context);
    Filled filled = store.fill(wanted(named), slices, ranking);
    if (filled.computed() > 0) {
      setAside.addPairs(pairs(filled.failures(), named), data);
    }
    return persisted.keep(
        named
            .join(filled.values(), new String[] {QUERY_HASH, CANDIDATE_HASH, LIST})
            .select(col(DIRECTION), col(QUERY_ID), col(CANDIDATE_ID), col(PROBABILITY).as(SCORE)));
  }

  @Override
  public CostEstimate estimate(long most, Dataset<Row> examples, OptionalDouble rate) {
    return new StoreEstimate(StoreTable.LIST_SCORES, data.imageRoot(), context)
        .ofAtMost(most, wanted(named(examples)), ranking, rate);
  }

  private Wanted wanted(Dataset<Row> named) {
    Dataset<Row> contents = EmbedItems.contents(data.items());
    return new Wanted(
        named.select(QUERY_HASH, CANDIDATE_HASH, LIST, SIZE, RANK),
        PairTable.sides(contents, contents));
  }

  @Override
  public void close() {
    persisted.close();
  }

  /** Failed candidates as pairs of a query and a candidate, whichever of them searched. */
  private static Dataset<Row> pairs(Dataset<Row> failures, Dataset<Row> named) {
    Column turned = col(DIRECTION).equalTo(Direction.CANDIDATE_TO_QUERY.label());
    return failures
        .join(named.select(DIRECTION, LIST).distinct(), LIST)
        .select(
            when(turned, col(CANDIDATE_HASH)).otherwise(col(QUERY_HASH)).as(QUERY_HASH),
            when(turned, col(QUERY_HASH)).otherwise(col(CANDIDATE_HASH)).as(CANDIDATE_HASH),
            col(ERROR));
  }

  private static Dataset<Row> named(Dataset<Row> lists) {
    String[] query = {DIRECTION, QUERY_ID};
    Column contents = concat_ws(" ", col(QUERY_HASH), col("places." + CANDIDATE_HASH));
    Dataset<Row> names =
        lists
            .groupBy(col(DIRECTION), col(QUERY_ID), col(QUERY_HASH))
            .agg(
                array_sort(collect_list(struct(RANK, CANDIDATE_HASH))).as("places"),
                count(lit(1)).as(SIZE))
            .select(col(DIRECTION), col(QUERY_ID), col(SIZE), sha2(contents, 256).as(LIST));
    return lists.join(names, query);
  }
}
