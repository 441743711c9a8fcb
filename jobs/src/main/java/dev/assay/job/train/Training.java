package dev.assay.job.train;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.item.BadItemException;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.files.AtomicFile;
import dev.assay.job.train.data.BatchStream.Position;
import dev.assay.job.train.data.MinedLists;
import dev.assay.job.train.data.MinedRow;
import dev.assay.job.train.data.OrderFolder;
import dev.assay.job.train.data.ShuffledRows;
import dev.assay.job.train.data.UsableRows;
import dev.assay.job.train.memory.Machine;
import dev.assay.job.train.memory.MemoryNeed;
import dev.assay.job.train.memory.ModelSize;
import dev.assay.job.train.run.LearningCurve;
import dev.assay.job.train.run.MetricsLog;
import dev.assay.job.train.run.Optimization;
import dev.assay.job.train.run.RunFolder;
import dev.assay.job.train.run.StateFiles;
import dev.assay.job.train.run.StepMetrics;
import dev.assay.job.train.run.Trainer;
import dev.assay.job.train.run.TrainingPoint;
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
import java.util.Optional;
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
    UsableRows rows = new UsableRows(options.model(), options.replica().maxImagePixels(), context);
    ShuffledRows epochs =
        ShuffledRows.of(
            rows.of(lists),
            new ShuffledRows.Shuffle(data.batchSize(), data.mix(), options.pace().seed()),
            order(rows),
            options.key() + ".batch-size");
    try {
      return run(epochs);
    } catch (JobFailedException e) {
      if (e.getCause() instanceof BadItemException) {
        rows.forget(); // an image changed after it was looked at
      }
      throw e;
    }
  }

  private OrderFolder order(UsableRows rows) {
    TrainOptions.Data data = options.data();
    return new OrderFolder(
        unfinished(),
        rows.id() + " " + data.batchSize() + " " + data.mix() + " " + options.pace().seed(),
        context.workspace()::verify);
  }

  private Path unfinished() {
    return new Path(context.workspace().outputFolder(model.output()), UNFINISHED);
  }

  private JobResult run(ShuffledRows epochs) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    Configuration hadoop = context.spark().sessionState().newHadoopConf();
    ReplicaTasks<MinedRow, E> auto = tasks(hadoop);
    WholeExecutor executor = executor();
    MemoryNeed need = memory();
    context.progress().say(need.line());
    need.check(options.key(), Runtime.getRuntime().maxMemory());
    OpenedReplica opened = OpenedReplica.in(auto, spark);
    List<Parameter> parameters = opened.parameters();
    RunFolder folder = folder(parameters, hadoop);
    Optional<RunFolder.Checkpoint> last = folder.last();
    TrainingPoint start = last.map(RunFolder.Checkpoint::point).orElseGet(() -> first(executor));
    Trainer.Plan plan = plan(epochs.length() / options.data().batchSize());
    context.progress().say(announcement(start, plan, epochs, executor, parameters));
    Places<E> places =
        new Places<>(
            model,
            spark,
            executor,
            auto.in(opened.precision()),
            parameters,
            AdamW.Settings.decaying(options.pace().weightDecay()),
            folder,
            hadoop);
    TrainingPoint end;
    try (Optimization<MinedRow> optimization =
        options.tune() instanceof Tune.Full
            ? places.onExecutors(start, options.pace().seed())
            : places.onDriver(start, options.pace().seed())) {
      ShuffledRows needed = epochs.upTo(plan.schedule().steps());
      end = new Trainer<>(plan, optimization, needed, folder, context.progress()).run(start);
    }
    MetricsLog metrics = folder.metrics(end.steps());
    write(folder, parameters, metrics, hadoop);
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
    return new RunFolder(
        unfinished(), context.fingerprint(), parameters, hadoop, context.workspace()::verify);
  }

  private WholeExecutor executor() {
    return WholeExecutor.of(
        context.spark().sparkContext(), options.replica().device() != DeviceChoice.CPU);
  }

  /** What memory is needed. The model is not loaded. */
  MemoryNeed memory() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    Configuration hadoop = context.spark().sessionState().newHadoopConf();
    ReplicaTasks<MinedRow, E> tasks = tasks(hadoop);
    Machine machine =
        spark.parallelize(List.of(0), 1).map(one -> Machine.here(tasks.placement())).first();
    return new MemoryNeed(
        ModelSize.of(
            CheckpointFolder.open(options.model(), hadoop), options.tune().tuning(), model.head()),
        machine,
        executor().slots(),
        kept(machine),
        new MemoryNeed.Pass(options.replica().maxTokens(), options.replica().recompute()));
  }

  private MemoryNeed.Kept kept(Machine machine) {
    if (options.replica().onDisk(options.tune(), machine.gpu())) {
      return MemoryNeed.Kept.IN_SHARDS_AND_FILES;
    }
    return options.tune() instanceof Tune.Full
        ? MemoryNeed.Kept.IN_SHARDS
        : MemoryNeed.Kept.ON_DRIVER;
  }

  private TrainingPoint first(WholeExecutor executor) {
    int parts = options.data().parts() == 0 ? executor.slots() : options.data().parts();
    return new TrainingPoint(0, Position.START, parts);
  }

  private Trainer.Plan plan(long stepsOfAnEpoch) {
    TrainOptions.Pace pace = options.pace();
    Schedule schedule = pace.learningRate().schedule(pace.length().steps(stepsOfAnEpoch));
    double clip = pace.clip() == 0 ? Double.POSITIVE_INFINITY : pace.clip();
    return new Trainer.Plan(schedule, clip, options.data().batchSize(), pace.checkpointEvery());
  }

  private String announcement(
      TrainingPoint start,
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

  /** Writes the model as the last checkpoint has it, one parameter after the other. */
  private void write(
      RunFolder run, List<Parameter> parameters, MetricsLog metrics, Configuration hadoop) {
    Path folder = context.stageFiles(model.output());
    StateFiles state = StateFiles.open(run.last().orElseThrow().folder(), hadoop);
    options
        .output(hadoop)
        .write(
            folder.toString(),
            parameters.stream()
                .map(p -> new NamedTensor(p.name(), p.shape(), () -> state.values(p)))
                .toList());
    try {
      metrics.write(new Path(folder, MetricsLog.FILE));
      LearningCurve curve = new LearningCurve(metrics.steps());
      AtomicFile.replace(new Path(folder, LearningCurve.FILE), hadoop, curve::write);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  private JobResult result(TrainingPoint end, List<StepMetrics> steps, List<Parameter> parameters) {
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
