package dev.assay.job.train;

import static dev.assay.job.workspace.Tables.CANDIDATES;
import static dev.assay.job.workspace.Tables.EMBEDDER_MODEL;
import static dev.assay.job.workspace.Tables.NEGATIVES;
import static dev.assay.job.workspace.Tables.QUERIES;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.JobResult;
import dev.assay.prompt.Item;
import dev.assay.train.ContrastiveExample;
import dev.assay.train.ContrastiveLoss;
import dev.assay.udf.ItemReader;
import java.util.List;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Trains an embedder on the mined negatives: UniME-V2's distribution alignment, or one of the
 * ordinary losses to compare with.
 */
public final class TrainEmbedderJob implements Job {
  private final TrainEmbedderOptions options;

  public TrainEmbedderJob(TrainEmbedderOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "train-embedder";
  }

  @Override
  public List<String> inputs() {
    return List.of(QUERIES, CANDIDATES, NEGATIVES);
  }

  @Override
  public List<String> outputs() {
    return List.of(EMBEDDER_MODEL);
  }

  @Override
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = options.common().settings();
    settings.put("loss", options.loss().toString());
    settings.put("temperature", Double.toString(options.temperature()));
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
    ContrastiveLoss loss = options.loss().at(options.temperature());
    EmbedderFactory factory =
        new EmbedderFactory(
            common.model(), common.tune(), common.pace().seed(), common.replica(), loss);
    return new Training<ContrastiveExample>(
            context, common, EMBEDDER_MODEL, factory, TrainEmbedderJob::example, way(loss))
        .run();
  }

  private static Training.Way<ContrastiveExample> way(ContrastiveLoss loss) {
    return loss.acrossQueries()
        ? (spark, tasks, executor, parameters, parts, seed) ->
            new AcrossQueries<>(
                spark, tasks, executor, parameters, parts, seed, loss, MinedRow::scores)
        : ExecutorGradients::new;
  }

  private static ContrastiveExample example(MinedRow row, ItemReader reader) {
    List<Item> candidates =
        row.candidates().stream().map(candidate -> candidate.read(reader)).toList();
    return new ContrastiveExample(
        row.query().read(reader),
        candidates.get(0),
        candidates.subList(1, candidates.size()),
        row.scores());
  }
}
