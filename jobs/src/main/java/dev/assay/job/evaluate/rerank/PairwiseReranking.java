package dev.assay.job.evaluate.rerank;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.SCORE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.JobContext;
import dev.assay.job.PersistedRows;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.evaluate.figures.Direction;
import dev.assay.job.evaluate.task.EvaluationData;
import dev.assay.job.evaluate.task.Reranking;
import dev.assay.job.evaluate.task.SetAsideItems;
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
 * Scores pair by pair, by the margin of yes over no. The query of the prompt is the query of the
 * data, in both directions. Margins are kept in the store of {@code judge}, so that one model never
 * judges a pair twice.
 */
public final class PairwiseReranking implements Reranking {
  private final EvaluationData data;
  private final Computation judging;
  private final Slices slices;
  private final SetAsideItems setAside;
  private final JobContext context;
  private final PersistedRows persisted = PersistedRows.inMemory();

  /**
   * @param judging runs the judge
   * @param slices pairs that are judged between two commits
   * @param setAside takes the pairs that could not be judged
   */
  public PairwiseReranking(
      EvaluationData data,
      Computation judging,
      Slices slices,
      SetAsideItems setAside,
      JobContext context) {
    this.data = data;
    this.judging = judging;
    this.slices = slices;
    this.setAside = setAside;
    this.context = context;
  }

  @Override
  public Dataset<Row> score(Dataset<Row> lists) {
    Dataset<Row> pairs = pairs(lists);
    ResultStore store = new ResultStore(StoreTable.SCORES, context);
    Filled filled = store.fill(wanted(pairs), slices, judging);
    if (filled.computed() > 0) {
      setAside.addPairs(filled.failures(), data);
    }
    return persisted.keep(
        pairs
            .join(filled.values(), new String[] {QUERY_HASH, CANDIDATE_HASH})
            .select(col(DIRECTION), col(QUERY_ID), col(CANDIDATE_ID), col(MARGIN).as(SCORE)));
  }

  @Override
  public CostEstimate estimate(long most, Dataset<Row> examples, OptionalDouble rate) {
    return new StoreEstimate(StoreTable.SCORES, data.imageRoot(), context)
        .ofAtMost(most, wanted(pairs(examples)), judging, rate);
  }

  /** With the hashes of the data's sides, whichever of them searched. */
  private static Dataset<Row> pairs(Dataset<Row> lists) {
    Column turned = col(DIRECTION).equalTo(Direction.CANDIDATE_TO_QUERY.label());
    return lists.select(
        col(DIRECTION),
        col(QUERY_ID),
        col(CANDIDATE_ID),
        when(turned, col(CANDIDATE_HASH)).otherwise(col(QUERY_HASH)).as(QUERY_HASH),
        when(turned, col(QUERY_HASH)).otherwise(col(CANDIDATE_HASH)).as(CANDIDATE_HASH));
  }

  private Wanted wanted(Dataset<Row> pairs) {
    Dataset<Row> named = PairTable.withImages(pairs, data.queryItems(), data.candidateItems());
    return PairTable.wanted(named, data.queryItems(), data.candidateItems());
  }

  @Override
  public void close() {
    persisted.close();
  }
}
