package dev.assay.job.train;

import static dev.assay.job.workspace.Tables.EMBEDDER_MODEL;

import dev.assay.item.Item;
import dev.assay.job.JobContext;
import dev.assay.job.train.data.MinedRow;
import dev.assay.job.train.step.AcrossQueries;
import dev.assay.job.train.step.ExecutorGradients;
import dev.assay.train.ContrastiveExample;
import dev.assay.train.loss.ContrastiveLoss;
import dev.assay.udf.rows.ItemReader;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains an embedder on the mined negatives: UniME-V2's distribution alignment, or one of the
 * ordinary losses to compare with.
 */
public final class TrainEmbedderJob extends TrainJob {
  private final TrainEmbedderOptions options;

  public TrainEmbedderJob(TrainEmbedderOptions options) {
    super("train-embedder", EMBEDDER_MODEL, options.common());
    this.options = options;
  }

  /** 2: other dropout seeds, and control tokens in texts are plain characters. */
  @Override
  public int version() {
    return 2;
  }

  @Override
  SortedMap<String, String> ownSettings() {
    return new TreeMap<>(
        Map.of(
            "loss",
            options.loss().toString(),
            "temperature",
            Double.toString(options.temperature())));
  }

  @Override
  Training<ContrastiveExample> training(JobContext context) {
    TrainOptions common = options.common();
    ContrastiveLoss loss = options.loss().at(options.temperature());
    EmbedderFactory factory =
        new EmbedderFactory(
            common.model(), common.tune(), common.pace().seed(), common.replica(), loss);
    return new Training<>(
        context, common, EMBEDDER_MODEL, factory, TrainEmbedderJob::example, way(loss));
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
