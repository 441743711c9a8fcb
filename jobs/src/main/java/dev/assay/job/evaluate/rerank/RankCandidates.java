package dev.assay.job.evaluate.rerank;

import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.JUDGE;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.RANK;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.inference.PairTable;
import dev.assay.job.store.Computation;
import dev.assay.udf.ModelIdentity;
import dev.assay.udf.Reranker;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;

/** Puts lists of candidates to a listwise reranker. A list stays together. */
public final class RankCandidates implements Computation {
  /** Stands between the fingerprints of model and list. */
  static final String BETWEEN = "/";

  private static final int CANDIDATES_A_TASK = 512;
  private static final String THERE = "__assay_there";

  private final Reranker reranker;
  private ModelIdentity identity;

  /**
   * @param options how the reranker is run
   * @param instruction what it is told, in place of the options'
   */
  public RankCandidates(JudgeJobOptions options, String instruction, String imageRoot) {
    reranker =
        new Reranker()
            .setMethod("listwise")
            .setInstruction(instruction)
            .setBatchSize(dev.assay.rerank.Reranker.MAX_CANDIDATES) // of a list
            .setModelUrl(options.model())
            .setInputCols(
                PairTable.QUERY_TEXT,
                PairTable.QUERY_IMAGE,
                PairTable.CANDIDATE_TEXT,
                PairTable.CANDIDATE_IMAGE)
            .setListCol(ListwiseReranking.LIST)
            .setRankCol(RANK)
            .setOutputCol(MARGIN)
            .setErrorCol(ERROR)
            .setImageRoot(imageRoot)
            .setDevice(options.device())
            .setPrecision(options.precision())
            .setMaxTokens(options.maxTokens())
            .setMaxImagePixels(options.maxImagePixels());
  }

  @Override
  public Dataset<Row> sign(Dataset<Row> lists, JobContext context) {
    identity = JobModel.identify(reranker, context);
    String model = identity.fingerprints().get(0);
    return lists
        .withColumn(JUDGE, concat(lit(model + BETWEEN), col(ListwiseReranking.LIST)))
        .withColumn(TOGETHER, col(ListwiseReranking.LIST));
  }

  @Override
  public void check(JobContext context) {
    JobModel.load(reranker, identity, context);
  }

  /**
   * Of a list of which some candidates were ranked by an earlier run, the others could not be then.
   * Alone they would be another list, so they stay without a score.
   */
  @Override
  public Dataset<Row> compute(
      Dataset<Row> slice, long rows, LongAccumulator done, JobContext context) {
    Dataset<Row> lists =
        slice.withColumn(THERE, count(lit(1)).over(Window.partitionBy(ListwiseReranking.LIST)));
    Dataset<Row> whole = lists.where(col(THERE).equalTo(col(ListwiseReranking.SIZE)));
    Dataset<Row> ranked =
        reranker
            .setNumPartitions(JobModel.tasks(rows, CANDIDATES_A_TASK, context))
            .withCounter(done)
            .transform(whole);
    Dataset<Row> rest =
        lists
            .where(col(THERE).lt(col(ListwiseReranking.SIZE)))
            .withColumn(MARGIN, lit(null).cast(DataTypes.FloatType))
            .withColumn(ERROR, lit("incomplete_list: could not be ranked before"));
    return ranked.unionByName(rest, true);
  }
}
