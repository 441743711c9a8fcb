package dev.assay.job.evaluate.rerank;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.SCORE;
import static org.apache.spark.sql.functions.col;

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
 * Scores pair by pair, by the margin of yes over no; the query is the query, whoever asks. Margins
 * are kept in the store of {@code judge}, so that no pair is judged twice by one model.
 */
public final class PairwiseReranking implements Reranking {
  private final EvaluationData data;
  private final Computation judging;
  private final long sliceSize;
  private final SetAsideItems setAside;
  private final JobContext context;

  /**
   * @param setAside takes the pairs that could not be judged
   */
  public PairwiseReranking(
      EvaluationData data,
      Computation judging,
      long sliceSize,
      SetAsideItems setAside,
      JobContext context) {
    this.data = data;
    this.judging = judging;
    this.sliceSize = sliceSize;
    this.setAside = setAside;
    this.context = context;
  }

  @Override
  public Dataset<Row> score(Direction direction, Dataset<Row> lists) {
    boolean turned = direction == Direction.CANDIDATE_TO_QUERY;
    Dataset<Row> pairs =
        lists.select(
            col(QUERY_ID),
            col(CANDIDATE_ID),
            col(turned ? CANDIDATE_HASH : QUERY_HASH).as(QUERY_HASH),
            col(turned ? QUERY_HASH : CANDIDATE_HASH).as(CANDIDATE_HASH));
    Dataset<Row> contents = PairTable.contents(pairs, data.queries(), data.candidates());
    ResultStore store = new ResultStore(StoreTable.SCORES, context);
    Filled filled = store.fill(contents, contents.count(), sliceSize, judging);
    setAside.addPairs(filled.failures(), data);
    return pairs
        .join(filled.values(), new String[] {QUERY_HASH, CANDIDATE_HASH})
        .select(col(QUERY_ID), col(CANDIDATE_ID), col(MARGIN).as(SCORE));
  }
}
