package dev.assay.job.evaluate.rerank;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.LIST;
import static dev.assay.job.workspace.Tables.PROBABILITY;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.RANK;
import static dev.assay.job.workspace.Tables.RERANKER;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.JobContext;
import dev.assay.job.inference.IdentifiedModel;
import dev.assay.job.inference.PairTable;
import dev.assay.job.store.Computation;
import dev.assay.rerank.ListPrompt;
import dev.assay.udf.RerankMethod;
import dev.assay.udf.Reranker;
import dev.assay.udf.compute.Compute;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;

/**
 * Ranks lists of candidates with a listwise reranker. A list stays together.
 *
 * @param model checkpoint folder of the reranker
 * @param compute what it runs on; its batch size is not used, since a list is ranked whole
 * @param instruction of the prompt, before the list
 * @param imageRoot folder of the items' images; empty: that of the job's workspace
 */
public record RankCandidates(String model, Compute compute, String instruction, String imageRoot)
    implements Computation {
  private static final int CANDIDATES_A_TASK = 512;
  private static final String PRESENT = "__assay_present";

  @Override
  public Identified identify(JobContext context) {
    Reranker reranker =
        new Reranker()
            .setMethod(RerankMethod.LISTWISE.word())
            .setInstruction(instruction)
            .setCompute(compute.withBatchSize(ListPrompt.MAX_CANDIDATES))
            .setModelUrl(model)
            .setInputCols(
                PairTable.QUERY_TEXT,
                PairTable.QUERY_IMAGE,
                PairTable.CANDIDATE_TEXT,
                PairTable.CANDIDATE_IMAGE)
            .setHashCols(QUERY_HASH, CANDIDATE_HASH)
            .setListCol(LIST)
            .setRankCol(RANK)
            .setOutputCol(PROBABILITY)
            .setErrorCol(ERROR)
            .setImageRoot(imageRoot);
    return new Ready(IdentifiedModel.of(reranker, context));
  }

  private record Ready(IdentifiedModel<Reranker> reranker) implements Identified, Loaded {
    @Override
    public Dataset<Row> sign(Dataset<Row> lists) {
      return lists
          .withColumn(RERANKER, lit(reranker.fingerprint()))
          .withColumn(TOGETHER, col(LIST));
    }

    @Override
    public Loaded load() {
      reranker.load();
      return this;
    }

    /**
     * Where an earlier run ranked only a part of a list, it could not rank the rest. The rest alone
     * would be another list, so these candidates stay without a probability.
     */
    @Override
    public Dataset<Row> compute(Dataset<Row> slice, long rows, LongAccumulator done) {
      Dataset<Row> lists = slice.withColumn(PRESENT, count(lit(1)).over(Window.partitionBy(LIST)));
      Dataset<Row> whole = lists.where(col(PRESENT).equalTo(col(ListwiseReranking.SIZE)));
      Dataset<Row> ranked =
          reranker
              .model()
              .copy(ParamMap.empty())
              .setNumPartitions(reranker.tasks(rows, CANDIDATES_A_TASK))
              .withCounter(done)
              .transform(whole);
      Dataset<Row> rest =
          lists
              .where(col(PRESENT).lt(col(ListwiseReranking.SIZE)))
              .withColumn(PROBABILITY, lit(null).cast(DataTypes.FloatType))
              .withColumn(ERROR, lit("incomplete_list: could not be ranked before"));
      return ranked.unionByName(rest, true);
    }
  }
}
