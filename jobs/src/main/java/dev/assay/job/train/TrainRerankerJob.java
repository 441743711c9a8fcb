package dev.assay.job.train;

import static dev.assay.job.workspace.Tables.CANDIDATES;
import static dev.assay.job.workspace.Tables.NEGATIVES;
import static dev.assay.job.workspace.Tables.QUERIES;
import static dev.assay.job.workspace.Tables.RERANKER_MODEL;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.JobResult;
import dev.assay.rerank.RerankExample;
import dev.assay.udf.ItemReader;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Trains a reranker on the mined negatives, pairwise and listwise together, as UniME-V2 does: see
 * {@link dev.assay.rerank.RerankRows}.
 */
public final class TrainRerankerJob implements Job {
  private final TrainRerankerOptions options;

  public TrainRerankerJob(TrainRerankerOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "train-reranker";
  }

  @Override
  public List<String> inputs() {
    return List.of(QUERIES, CANDIDATES, NEGATIVES);
  }

  @Override
  public List<String> outputs() {
    return List.of(RERANKER_MODEL);
  }

  @Override
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = options.common().settings();
    settings.put("pair-instruction", options.pairInstruction());
    settings.put("list-instruction", options.listInstruction());
    settings.put("list-negatives", Integer.toString(options.listNegatives()));
    return settings;
  }

  @Override
  public SortedMap<String, String> sources(JobContext context) {
    return new JobModel(options.common().model()).sources(context);
  }

  @Override
  public void check(Configuration hadoop) {
    options.common().check(hadoop);
  }

  @Override
  public JobResult run(JobContext context) {
    TrainOptions common = options.common();
    RerankerFactory factory =
        new RerankerFactory(
            common.model(), common.tune(), common.pace().seed(), common.replica(), options.rows());
    return new Training<RerankExample>(
            context,
            common,
            RERANKER_MODEL,
            factory,
            TrainRerankerJob::example,
            ExecutorGradients::new)
        .run();
  }

  private static RerankExample example(MinedRow row, ItemReader reader) {
    List<RerankExample.Negative> negatives = new ArrayList<>();
    for (int c = 1; c < row.scores().length; c++) {
      negatives.add(
          new RerankExample.Negative(row.candidates().get(c).read(reader), row.scores()[c]));
    }
    return new RerankExample(
        row.query().read(reader), row.candidates().get(0).read(reader), negatives);
  }
}
