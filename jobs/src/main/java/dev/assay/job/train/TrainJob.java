package dev.assay.job.train;

import static dev.assay.job.workspace.Tables.CANDIDATES;
import static dev.assay.job.workspace.Tables.NEGATIVES;
import static dev.assay.job.workspace.Tables.QUERIES;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.JobResult;
import dev.assay.job.estimate.CostEstimate;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** A job that trains a model on the mined negatives. */
abstract class TrainJob implements Job {
  /**
   * 4: the squares of large parameters are summed in pieces.
   *
   * <p>3: the squares of the gradients are summed by parameter.
   *
   * <p>2: other dropout seeds, and control tokens in texts are plain characters.
   */
  public static final int VERSION = 4;

  private final String name;
  private final TrainOptions options;

  TrainJob(String name, TrainOptions options) {
    this.name = name;
    this.options = options;
  }

  /** The model that this job trains. */
  abstract TrainedModel<?> model();

  /** The settings that change the result and that only this job has. */
  abstract SortedMap<String, String> ownSettings();

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int version() {
    return VERSION;
  }

  @Override
  public final List<String> inputs() {
    return List.of(QUERIES, CANDIDATES, NEGATIVES);
  }

  @Override
  public final List<String> outputs() {
    return List.of(model().output());
  }

  @Override
  public final SortedMap<String, String> settings() {
    SortedMap<String, String> settings = options.settings();
    settings.putAll(ownSettings());
    return settings;
  }

  @Override
  public final SortedMap<String, String> sources(JobContext context) {
    return new TreeMap<>(Map.of("model", new JobModel(options.model()).fingerprint(context)));
  }

  @Override
  public void check(Configuration hadoop) {
    options.check(hadoop);
  }

  @Override
  public final CostEstimate estimate(JobContext context, OptionalDouble rate) {
    long lists = context.read(NEGATIVES).count();
    TrainOptions.Length length = options.pace().length();
    int batch = options.data().batchSize();
    long steps = length.steps() > 0 ? length.steps() : length.epochs() * (lists / batch);
    CostEstimate estimate =
        CostEstimate.UNKNOWN
            .with("steps", "%,d of %,d rows", steps, batch)
            .with("rows", "%,d of table %s; unusable ones are not found yet", lists, NEGATIVES)
            .with("model", "%s", CostEstimate.bytes(new JobModel(options.model()).bytes(context)))
            .with("memory", "%s", new Training<>(context, options, model()).memory().line());
    return rate.isPresent()
        ? estimate.at(rate.getAsDouble(), steps * batch, "rows", "as given")
        : estimate.with("time", "not measured; give the rows a second with --rate");
  }

  @Override
  public final JobResult run(JobContext context) {
    return new Training<>(context, options, model()).run();
  }
}
