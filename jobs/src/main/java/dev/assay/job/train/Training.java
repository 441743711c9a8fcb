package dev.assay.job.train;

import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.files.AtomicFile;
import dev.assay.job.train.data.BatchStream.Position;
import dev.assay.job.train.data.MinedLists;
import dev.assay.job.train.data.MinedRow;
import dev.assay.job.train.data.ShuffledRows;
import dev.assay.job.train.data.UsableRows;
import dev.assay.job.train.run.LearningCurve;
import dev.assay.job.train.run.MetricsLog;
import dev.assay.job.train.run.RunFolder;
import dev.assay.job.train.run.StepMetrics;
import dev.assay.job.train.run.Trainer;
import dev.assay.job.train.run.TrainingState;
import dev.assay.job.train.step.BatchTasks;
import dev.assay.job.train.step.OpenedReplica;
import dev.assay.job.train.step.ReplicaTasks;
import dev.assay.job.train.step.WholeExecutor;
import dev.assay.model.training.Parameter;
import dev.assay.train.optimizer.AdamW;
import dev.assay.train.optimizer.Schedule;
import dev.assay.udf.compute.DeviceChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/** A whole training run: the rows, the steps, and the model with its metrics at the end. */
record Training<E>(JobContext context, TrainOptions options, TrainedModel<E> model) {
  private static final String UNFINISHED = "_training";

  JobResult run() {
    TrainOptions.Data data = options.data();
    MinedLists lists = new MinedLists(context, data.negatives(), options.key() + ".negatives");
    long maxImagePixels = options.replica().maxImagePixels();
    try (UsableRows rows = UsableRows.forModel(options.model(), maxImagePixels, context)) {
      ShuffledRows epochs =
          ShuffledRows.of(
              rows.of(lists),
              data.batchSize(),
              data.mix(),
              options.pace().seed(),
              options.key() + ".batch-size");
      return run(epochs);
    }
  }

  private JobResult run(ShuffledRows epochs) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    Configuration hadoop = context.spark().sessionState().newHadoopConf();
    ReplicaTasks<MinedRow, E> tasks = tasks(hadoop);
    OpenedReplica opened = OpenedReplica.in(tasks, spark);
    List<Parameter> parameters = opened.parameters();
    WholeExecutor executor =
        WholeExecutor.of(spark.sc(), options.replica().device() != DeviceChoice.CPU);
    RunFolder folder = folder(parameters, hadoop);
    TrainingState start = folder.restore().orElseGet(() -> first(opened, executor));
    Trainer.Plan plan = plan(epochs.length() / options.data().batchSize());
    context.progress().say(announcement(start, plan, epochs, executor, parameters));
    BatchTasks<MinedRow, E> batches =
        new BatchTasks<>(
            spark,
            executor,
            tasks.in(opened.precision()),
            BatchTasks.Cut.of(parameters, start.parts(), options.pace().seed()));
    TrainingState end =
        new Trainer<>(plan, model.gradients().apply(batches), epochs, folder, context.progress())
            .run(start);
    MetricsLog metrics = folder.metrics(end.steps());
    write(end, parameters, metrics, hadoop);
    return result(end, metrics.steps(), parameters);
  }

  private ReplicaTasks<MinedRow, E> tasks(Configuration hadoop) {
    return new ReplicaTasks<>(
        new ReplicaTasks.Replicas<>(
            UUID.randomUUID().toString(),
            model.factory(),
            options.replica().device(),
            options.replica().precision()),
        model.examples(),
        context.workspace().imageRoot(),
        new SerializableConfiguration(hadoop));
  }

  private RunFolder folder(List<Parameter> parameters, Configuration hadoop) {
    Path output = context.workspace().outputFolder(model.output());
    return new RunFolder(
        new Path(output, UNFINISHED),
        context.fingerprint(),
        parameters,
        hadoop,
        context.workspace()::verify);
  }

  private TrainingState first(OpenedReplica opened, WholeExecutor executor) {
    int parts = options.data().parts() == 0 ? executor.slots() : options.data().parts();
    AdamW.State state = new AdamW(optimizer(), opened.parameters()).state();
    return new TrainingState(0, Position.START, parts, opened.values(), state);
  }

  private AdamW.Settings optimizer() {
    return AdamW.Settings.decaying(options.pace().weightDecay());
  }

  private Trainer.Plan plan(long stepsOfAnEpoch) {
    TrainOptions.Pace pace = options.pace();
    Schedule schedule = pace.learningRate().schedule(pace.length().steps(stepsOfAnEpoch));
    double clip = pace.clip() == 0 ? Double.POSITIVE_INFINITY : pace.clip();
    return new Trainer.Plan(
        schedule, optimizer(), clip, options.data().batchSize(), pace.checkpointEvery());
  }

  private String announcement(
      TrainingState start,
      Trainer.Plan plan,
      ShuffledRows epochs,
      WholeExecutor executor,
      List<Parameter> parameters) {
    return String.format(
        Locale.ROOT,
        "%s%,d steps of %,d examples in %d parts (%d at a time); %,d rows an epoch; %,d numbers"
            + " trained",
        start.steps() == 0
            ? ""
            : String.format(Locale.ROOT, "continues after step %,d: ", start.steps()),
        plan.schedule().steps(),
        plan.batchSize(),
        start.parts(),
        executor.slots(),
        epochs.length(),
        size(parameters));
  }

  private static long size(List<Parameter> parameters) {
    return parameters.stream().mapToLong(Parameter::size).sum();
  }

  private void write(
      TrainingState end, List<Parameter> parameters, MetricsLog metrics, Configuration hadoop) {
    Path folder = context.stageFiles(model.output());
    options.output(hadoop).write(folder.toString(), parameters, end.values());
    try {
      metrics.write(new Path(folder, MetricsLog.FILE));
      LearningCurve curve = new LearningCurve(metrics.steps());
      AtomicFile.replace(new Path(folder, LearningCurve.FILE), hadoop, curve::write);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  private JobResult result(TrainingState end, List<StepMetrics> steps, List<Parameter> parameters) {
    double seconds = steps.stream().mapToDouble(StepMetrics::seconds).sum();
    double examples = (double) steps.size() * options.data().batchSize();
    return new JobResult(
        new TreeMap<>(
            Map.of(
                "steps",
                end.steps(),
                "epochs",
                end.position().epoch() + 1,
                "parts",
                (long) end.parts(),
                "parameters",
                size(parameters))),
        String.format(
            Locale.ROOT,
            "%,d steps of %,d examples, loss %.4f to %.4f, %.1f examples/s; the model is in %s",
            end.steps(),
            options.data().batchSize(),
            LearningCurve.mean(steps, true),
            LearningCurve.mean(steps, false),
            examples / Math.max(seconds, 1e-9),
            model.output()));
  }
}
