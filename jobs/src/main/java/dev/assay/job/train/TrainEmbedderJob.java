package dev.assay.job.train;

import static dev.assay.job.workspace.Tables.EMBEDDER_MODEL;

import dev.assay.item.Item;
import dev.assay.job.train.data.MinedRow;
import dev.assay.job.train.step.AcrossQueries;
import dev.assay.job.train.step.IndependentGradients;
import dev.assay.train.ContrastiveExample;
import dev.assay.train.loss.ContrastiveLoss;
import dev.assay.udf.rows.ItemReader;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains an embedder on the mined negatives: UniME-V2's distribution alignment, or one of the
 * common losses to compare with.
 */
public final class TrainEmbedderJob extends TrainJob {
  private final TrainEmbedderOptions options;

  public TrainEmbedderJob(TrainEmbedderOptions options) {
    super("train-embedder", options.common());
    this.options = options;
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
  TrainedModel<ContrastiveExample> model() {
    TrainOptions common = options.common();
    ContrastiveLoss loss = options.loss().at(options.temperature());
    return new TrainedModel<>(
        EMBEDDER_MODEL,
        false,
        new EmbedderFactory(
            common.model(), common.tune(), common.pace().seed(), common.replica(), loss),
        TrainEmbedderJob::example,
        tasks ->
            loss.acrossQueries()
                ? new AcrossQueries<>(tasks, loss, MinedRow::scores)
                : new IndependentGradients<>(tasks));
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
