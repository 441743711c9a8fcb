package dev.assay.job.evaluate.rerank;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.JUDGE;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.RANK;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.JobContext;
import dev.assay.job.inference.IdentifiedModel;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.inference.PairTable;
import dev.assay.job.store.Computation;
import dev.assay.rerank.ListPrompt;
import dev.assay.udf.Reranker;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;

/**
 * Ranks lists of candidates with a listwise reranker. A list stays together.
 *
 * @param options how the reranker is run
 * @param instruction the reranker's instruction, in place of the options'
 * @param imageRoot folder of the items' images; empty: that of the job's workspace
 */
public record RankCandidates(JudgeJobOptions options, String instruction, String imageRoot)
    implements Computation {
  /** Stands between the fingerprints of model and list. */
  static final String BETWEEN = "/";

  private static final int CANDIDATES_A_TASK = 512;
  private static final String THERE = "__assay_there";

  @Override
  public Identified identify(JobContext context) {
    Reranker reranker =
        new Reranker()
            .setMethod("listwise")
            .setInstruction(instruction)
            .setModelUrl(options.model())
            .setCompute(options.compute().withBatchSize(ListPrompt.MAX_CANDIDATES)) // of a list
            .setInputCols(
                PairTable.QUERY_TEXT,
                PairTable.QUERY_IMAGE,
                PairTable.CANDIDATE_TEXT,
                PairTable.CANDIDATE_IMAGE)
            .setHashCols(QUERY_HASH, CANDIDATE_HASH)
            .setListCol(ListwiseReranking.LIST)
            .setRankCol(RANK)
            .setOutputCol(MARGIN)
            .setErrorCol(ERROR)
            .setImageRoot(imageRoot);
    return new Ready(IdentifiedModel.of(reranker, context));
  }

  private record Ready(IdentifiedModel<Reranker> reranker) implements Identified, Loaded {
    @Override
    public Dataset<Row> sign(Dataset<Row> lists) {
      String model = reranker.fingerprint() + BETWEEN;
      return lists
          .withColumn(JUDGE, concat(lit(model), col(ListwiseReranking.LIST)))
          .withColumn(TOGETHER, col(ListwiseReranking.LIST));
    }

    @Override
    public Loaded load() {
      reranker.load();
      return this;
    }

    /**
     * Of a list of which some candidates were ranked by an earlier run, the others could not be
     * then. Alone they would be another list, so they stay without a score.
     */
    @Override
    public Dataset<Row> compute(Dataset<Row> slice, long rows, LongAccumulator done) {
      Dataset<Row> lists =
          slice.withColumn(THERE, count(lit(1)).over(Window.partitionBy(ListwiseReranking.LIST)));
      Dataset<Row> whole = lists.where(col(THERE).equalTo(col(ListwiseReranking.SIZE)));
      Dataset<Row> ranked =
          reranker
              .model()
              .setNumPartitions(reranker.tasks(rows, CANDIDATES_A_TASK))
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
}
