package dev.assay.job.train;

import static dev.assay.job.workspace.Tables.RERANKER_MODEL;

import dev.assay.job.JobModel;
import dev.assay.job.train.data.MinedRow;
import dev.assay.job.train.step.IndependentGradients;
import dev.assay.train.RerankExample;
import dev.assay.udf.rows.ItemReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Trains a reranker on the mined negatives, on pairs and on lists together, as UniME-V2 does: see
 * {@link dev.assay.train.RerankRows}.
 */
public final class TrainRerankerJob extends TrainJob {
  private final TrainRerankerOptions options;

  public TrainRerankerJob(TrainRerankerOptions options) {
    super("train-reranker", options.common());
    this.options = options;
  }

  @Override
  public void check(Configuration hadoop) {
    super.check(hadoop);
    new JobModel(options.common().model()).checkWithHead(hadoop);
  }

  @Override
  SortedMap<String, String> ownSettings() {
    return new TreeMap<>(
        Map.of(
            "pair-instruction",
            options.pairInstruction(),
            "list-instruction",
            options.listInstruction(),
            "list-negatives",
            Integer.toString(options.listNegatives())));
  }

  @Override
  TrainedModel<RerankExample> model() {
    TrainOptions common = options.common();
    return new TrainedModel<>(
        RERANKER_MODEL,
        true,
        new RerankerFactory(
            common.model(), common.tune(), common.pace().seed(), common.replica(), options.rows()),
        TrainRerankerJob::example,
        IndependentGradients::new);
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
