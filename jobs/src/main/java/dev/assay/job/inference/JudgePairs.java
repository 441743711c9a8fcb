package dev.assay.job.inference;

import static dev.assay.job.inference.PairTable.CANDIDATE_IMAGE;
import static dev.assay.job.inference.PairTable.CANDIDATE_TEXT;
import static dev.assay.job.inference.PairTable.QUERY_IMAGE;
import static dev.assay.job.inference.PairTable.QUERY_TEXT;
import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.JUDGE;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.store.Computation;
import dev.assay.udf.Judge;
import dev.assay.udf.ModelIdentity;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/** Puts pairs to the judge. Those of one shared side stay together: it is run once for them. */
public final class JudgePairs implements Computation {
  /** Small enough that a lost task costs minutes, large enough to share images within it. */
  private static final int PAIRS_A_TASK = 1024;

  private final Judge judge;
  private ModelIdentity identity;

  /** Of the workspace that the job runs on. */
  public JudgePairs(JudgeJobOptions options) {
    this(options, "");
  }

  /**
   * Of any workspace.
   *
   * @param imageRoot folder of the items' images; empty: that of the job's workspace
   */
  public JudgePairs(JudgeJobOptions options, String imageRoot) {
    judge =
        new Judge()
            .setModelUrl(options.model())
            .setInputCols(QUERY_TEXT, QUERY_IMAGE, CANDIDATE_TEXT, CANDIDATE_IMAGE)
            .setOutputCol(MARGIN)
            .setErrorCol(ERROR)
            .setImageRoot(imageRoot)
            .setOrder(options.order())
            .setInstruction(options.instruction())
            .setDevice(options.device())
            .setPrecision(options.precision())
            .setBatchSize(options.batchSize())
            .setMaxTokens(options.maxTokens())
            .setMaxImagePixels(options.maxImagePixels());
  }

  @Override
  public Dataset<Row> sign(Dataset<Row> pairs, JobContext context) {
    identity = JobModel.identify(judge, context);
    Column candidateFirst = judge.candidateFirst(pairs.schema());
    return pairs
        .withColumn(
            JUDGE,
            when(candidateFirst, lit(identity.fingerprints().get(1)))
                .otherwise(lit(identity.fingerprints().get(0))))
        .withColumn(TOGETHER, when(candidateFirst, col(CANDIDATE_HASH)).otherwise(col(QUERY_HASH)));
  }

  @Override
  public void check(JobContext context) {
    JobModel.load(judge, identity, context);
  }

  @Override
  public Dataset<Row> compute(
      Dataset<Row> pairs, long rows, LongAccumulator done, JobContext context) {
    return judge
        .setNumPartitions(JobModel.tasks(rows, PAIRS_A_TASK, context))
        .withCounter(done)
        .transform(pairs);
  }
}
