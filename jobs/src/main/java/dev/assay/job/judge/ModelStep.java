package dev.assay.job.judge;

import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.Progress;
import dev.assay.job.SettingsException;
import dev.assay.job.workspace.Tables;
import dev.assay.udf.Judge;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Puts every pair to the judge. The margins stay on the executors' disks until the job ends. */
final class ModelStep implements JudgingStep {
  /** Small enough that a lost task costs minutes, large enough to share images within it. */
  private static final int PAIRS_A_TASK = 1024;

  private final Judge judge;

  ModelStep(JudgeJobOptions options) {
    this(options, new Judge().setModelUrl(options.model()));
  }

  /** For tests, with a judge of their own. */
  ModelStep(JudgeJobOptions options, Judge judge) {
    this.judge =
        judge
            .setInputCols(QUERY_TEXT, QUERY_IMAGE, CANDIDATE_TEXT, CANDIDATE_IMAGE)
            .setOutputCol(Tables.MARGIN)
            .setErrorCol(ERROR)
            .setFingerprintCol(Tables.JUDGE)
            .setOrder(options.order())
            .setInstruction(options.instruction())
            .setDevice(options.device())
            .setPrecision(options.precision())
            .setBatchSize(options.batchSize())
            .setMaxTokens(options.maxTokens())
            .setMaxImagePixels(options.maxImagePixels());
  }

  @Override
  public Dataset<Row> judge(Dataset<Row> pairs, long count, JobContext context) {
    judge.setImageRoot(context.workspace().imageRoot());
    try {
      judge.check(context.spark());
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage(), e);
    }
    try (Progress.Work work = context.progress().start("pairs", count)) {
      Dataset<Row> judged =
          judge
              .setNumPartitions(JobModel.tasks(count, PAIRS_A_TASK, context))
              .withCounter(work.counter())
              .transform(pairs)
              .select(QUERY_HASH, CANDIDATE_HASH, Tables.MARGIN, ERROR, Tables.JUDGE)
              .persist(StorageLevel.DISK_ONLY());
      judged.count();
      return judged;
    }
  }
}
