package dev.assay.job.train;

import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.files.AtomicFile;
import dev.assay.job.train.data.MinedLists;
import dev.assay.job.train.data.MinedRow;
import dev.assay.job.train.data.Position;
import dev.assay.job.train.data.ShuffledRows;
import dev.assay.job.train.data.UsableRows;
import dev.assay.job.train.run.LearningCurve;
import dev.assay.job.train.run.MetricsLog;
import dev.assay.job.train.run.RunFolder;
import dev.assay.job.train.run.StepMetrics;
import dev.assay.job.train.run.Trainer;
import dev.assay.job.train.run.TrainingState;
import dev.assay.job.train.step.BatchGradients;
import dev.assay.job.train.step.ExampleMaker;
import dev.assay.job.train.step.OpenedReplica;
import dev.assay.job.train.step.ReplicaTasks;
import dev.assay.job.train.step.WholeExecutor;
import dev.assay.model.Parameter;
import dev.assay.train.optimizer.AdamW;
import dev.assay.train.optimizer.Schedule;
import dev.assay.udf.compute.ReplicaFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A whole training: rows, replicas, steps, and the model with its metrics at the end.
 *
 * @param output of the workspace, such as {@code models/embedder}
 * @param factory of replicas
 * @param maker of their examples
 * @param way how a batch's gradients are computed
 */
public record Training<E>(
    JobContext context,
    TrainOptions options,
    String output,
    ReplicaFactory<E> factory,
    ExampleMaker<MinedRow, E> maker,
    Way<E> way) {
  private static final String UNFINISHED = "_training";

  /** How a batch's gradients are computed. */
  interface Way<E> {
    BatchGradients<MinedRow> with(
        JavaSparkContext spark,
        ReplicaTasks<MinedRow, E> tasks,
        WholeExecutor executor,
        List<Parameter> parameters,
        int parts,
        long seed);
  }

  JobResult run() {
    TrainOptions.Data data = options.data();
    try (UsableRows rows =
        UsableRows.of(
            new MinedLists(context, data.negatives(), options.key() + ".negatives"),
            options.model(),
            options.replica().maxImagePixels(),
            context)) {
      ShuffledRows epochs =
          ShuffledRows.of(
              rows.usable(),
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
    ReplicaTasks<MinedRow, E> tasks =
        new ReplicaTasks<>(
            UUID.randomUUID().toString(),
            factory,
            maker,
            options.replica().device(),
            options.replica().precision(),
            context.workspace().imageRoot(),
            new SerializableConfiguration(hadoop));
    OpenedReplica opened = OpenedReplica.ask(tasks, true, spark);
    List<Parameter> parameters = opened.parameters();
    RunFolder folder =
        new RunFolder(
            new Path(context.workspace().outputFolder(output), UNFINISHED),
            context.fingerprint(),
            hadoop);
    WholeExecutor executor =
        WholeExecutor.of(spark.sc(), !options.replica().device().equals("cpu"));
    Optional<TrainingState> kept = folder.restore(parameters);
    TrainingState start = kept.orElseGet(() -> first(opened, executor));
    long anEpoch = epochs.length() / options.data().batchSize();
    Schedule schedule = schedule(options.pace().steps(anEpoch));
    tell(start, schedule, epochs, executor, parameters);
    BatchGradients<MinedRow> gradients =
        way.with(
            spark,
            tasks.in(opened.precision()),
            executor,
            parameters,
            start.parts(),
            options.pace().seed());
    double clip = options.pace().clip() == 0 ? Double.POSITIVE_INFINITY : options.pace().clip();
    TrainingState end =
        new Trainer<>(
                new Trainer.Plan(schedule, optimizer(), clip, options.pace().checkpointEvery()),
                gradients,
                epochs,
                options.data().batchSize(),
                parameters,
                folder,
                context.progress())
            .run(start);
    MetricsLog metrics = folder.metrics(end.steps());
    write(end, parameters, metrics, hadoop);
    return result(end, metrics.steps(), parameters);
  }

  private TrainingState first(OpenedReplica opened, WholeExecutor executor) {
    int parts = options.data().parts() == 0 ? executor.slots() : options.data().parts();
    AdamW.State state = new AdamW(optimizer(), opened.parameters()).state();
    return new TrainingState(0, Position.START, parts, opened.values(), state);
  }

  private AdamW.Settings optimizer() {
    return AdamW.Settings.decaying(options.pace().weightDecay());
  }

  private Schedule schedule(long steps) {
    TrainOptions.Pace pace = options.pace();
    return new Schedule(pace.schedule(), pace.learningRate(), pace.warmUp().steps(steps), steps);
  }

  private void tell(
      TrainingState start,
      Schedule schedule,
      ShuffledRows epochs,
      WholeExecutor executor,
      List<Parameter> parameters) {
    context
        .progress()
        .say(
            String.format(
                Locale.ROOT,
                "%s %,d steps of %,d examples in %d parts (%d at a time); %,d rows an epoch; %,d"
                    + " numbers trained",
                start.steps() == 0
                    ? ""
                    : String.format(Locale.ROOT, "goes on after step %,d:", start.steps()),
                schedule.steps(),
                options.data().batchSize(),
                start.parts(),
                executor.slots(),
                epochs.length(),
                size(parameters)));
  }

  private static long size(List<Parameter> parameters) {
    return parameters.stream().mapToLong(Parameter::size).sum();
  }

  private void write(
      TrainingState end, List<Parameter> parameters, MetricsLog metrics, Configuration hadoop) {
    Path folder = context.stageFiles(output);
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
            output));
  }
}
