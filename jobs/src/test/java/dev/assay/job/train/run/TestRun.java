package dev.assay.job.train.run;

import dev.assay.job.Progress;
import dev.assay.job.TestProgress;
import dev.assay.job.train.data.BatchStream.Position;
import dev.assay.job.train.data.Epochs;
import dev.assay.job.train.shard.OnExecutors;
import dev.assay.job.train.shard.ShardFiles;
import dev.assay.job.train.step.BatchGradients;
import dev.assay.job.train.step.BatchTasks;
import dev.assay.job.train.step.IndependentGradients;
import dev.assay.job.train.step.OpenedReplica;
import dev.assay.job.train.step.ReplicaTasks;
import dev.assay.job.train.step.SlicedGradients;
import dev.assay.job.train.step.WholeExecutor;
import dev.assay.model.training.Parameter;
import dev.assay.train.optimizer.AdamW;
import dev.assay.train.optimizer.Schedule;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.PrecisionChoice;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** A run of least squares: twenty-six rows in batches of eight. */
record TestRun(
    Path folder,
    int parts,
    long steps,
    double noise,
    List<LeastSquares.Row> rows,
    UnaryOperator<BatchGradients<LeastSquares.Row>> around,
    boolean sharded,
    ByteArrayOutputStream printed) {
  static final int BATCH = 8;
  private static final AdamW.Settings DECAY = AdamW.Settings.decaying(0.01);

  static TestRun in(Path folder) {
    List<LeastSquares.Row> rows = new ArrayList<>();
    for (int i = 0; i < 26; i++) {
      rows.add(new LeastSquares.Row("q" + i, null, false));
    }
    return new TestRun(folder, 3, 7, 0.1, rows, g -> g, false, new ByteArrayOutputStream());
  }

  TestRun withParts(int number) {
    return new TestRun(folder, number, steps, noise, rows, around, sharded, printed);
  }

  TestRun withSteps(long number) {
    return new TestRun(folder, parts, number, noise, rows, around, sharded, printed);
  }

  TestRun withNoise(double size) {
    return new TestRun(folder, parts, steps, size, rows, around, sharded, printed);
  }

  /** Another row in the place of one. */
  TestRun withRow(int at, LeastSquares.Row row) {
    List<LeastSquares.Row> changed = new ArrayList<>(rows);
    changed.set(at, row);
    return new TestRun(folder, parts, steps, noise, changed, around, sharded, printed);
  }

  /** With the parameters in shards on the executors. */
  TestRun inShards() {
    return new TestRun(folder, parts, steps, noise, rows, around, true, printed);
  }

  /** With something between the trainer and the executors. */
  TestRun with(UnaryOperator<BatchGradients<LeastSquares.Row>> other) {
    return new TestRun(folder, parts, steps, noise, rows, other, sharded, printed);
  }

  /** Starts, or goes on where the folder's last checkpoint is, to the end. */
  TrainingState run(SparkSession spark) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ReplicaTasks<LeastSquares.Row, LeastSquares.Example> tasks = tasks(noise);
    OpenedReplica opened = OpenedReplica.in(tasks, context);
    List<Parameter> parameters = opened.parameters();
    BatchTasks.Cut cut = BatchTasks.Cut.of(parameters, parts, 11);
    IndependentGradients<LeastSquares.Row, LeastSquares.Example> gradients =
        new IndependentGradients<>(
            new BatchTasks<>(
                context,
                WholeExecutor.of(spark.sparkContext(), false),
                tasks.in(opened.precision()),
                cut));
    RunFolder run = runFolder();
    TrainingPoint start =
        run.last()
            .map(RunFolder.Checkpoint::point)
            .orElse(new TrainingPoint(0, Position.START, parts));
    return sharded
        ? runOnExecutors(context, gradients, start, cut)
        : runOnDriver(context, gradients, start);
  }

  private TrainingState runOnDriver(
      JavaSparkContext context, BatchGradients<LeastSquares.Row> gradients, TrainingPoint start) {
    Optional<TrainingState> saved = runFolder().restore();
    OnDriver<LeastSquares.Row> driver =
        new OnDriver<>(
            LeastSquares.PARAMETERS,
            DECAY,
            around.apply(gradients),
            new Configuration(),
            saved
                .map(TrainingState::values)
                .orElseGet(() -> OpenedReplica.initialValues(tasks(noise), context)),
            saved
                .map(TrainingState::optimizer)
                .orElseGet(() -> new AdamW(DECAY, LeastSquares.PARAMETERS).state()));
    TrainingPoint end = train(context, driver, start);
    return new TrainingState(
        end.steps(), end.position(), end.parts(), driver.values(), driver.state());
  }

  private TrainingState runOnExecutors(
      JavaSparkContext context,
      SlicedGradients<LeastSquares.Row> gradients,
      TrainingPoint start,
      BatchTasks.Cut cut) {
    RunFolder run = runFolder();
    try (OnExecutors<LeastSquares.Row> shards =
        new OnExecutors<>(
            context,
            WholeExecutor.of(context.sc(), false),
            new ShardFiles(
                LeastSquares.PARAMETERS,
                cut.slices(),
                new SerializableConfiguration(new Configuration())),
            DECAY,
            gradients)) {
      if (run.last().isEmpty()) {
        run.save(start, to -> shards.saveInitial(to, tasks(noise)), run.metrics(0));
      }
      shards.restore(run.last().orElseThrow().folder(), start.steps());
      train(context, shards, start);
    }
    return run.restore().orElseThrow();
  }

  private TrainingPoint train(
      JavaSparkContext context, Optimization<LeastSquares.Row> optimization, TrainingPoint start) {
    Schedule schedule = new Schedule(Schedule.Shape.LINEAR, 0.05, 2, steps);
    Trainer.Plan plan = new Trainer.Plan(schedule, 1.0, BATCH, 2);
    try (Progress progress =
        TestProgress.of(
            SparkSession.active(), new PrintStream(printed, true, StandardCharsets.UTF_8))) {
      return new Trainer<>(plan, optimization, epochs(), runFolder(), progress).run(start);
    }
  }

  RunFolder runFolder() {
    return runFolder("a run");
  }

  /** The same folder for another run. */
  RunFolder runFolder(String run) {
    return new RunFolder(
        new org.apache.hadoop.fs.Path(folder.toString()),
        run,
        LeastSquares.PARAMETERS,
        new Configuration(),
        () -> {});
  }

  /** The number of the row at a place of an epoch's order. */
  int rowAt(long epoch, long place) {
    return rows.indexOf(epochs().rows(epoch, place).next());
  }

  String lines() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  static ReplicaTasks<LeastSquares.Row, LeastSquares.Example> tasks(double noise) {
    return new ReplicaTasks<>(
        new ReplicaTasks.Replicas<>(
            UUID.randomUUID().toString(),
            new LeastSquares.Factory(noise),
            DeviceChoice.CPU,
            PrecisionChoice.FLOAT32),
        (row, reader) -> LeastSquares.example(row),
        "",
        new SerializableConfiguration(new Configuration(false)));
  }

  private Epochs<LeastSquares.Row> epochs() {
    List<LeastSquares.Row> all = rows;
    return new Epochs<>() {
      @Override
      public long length() {
        return all.size() / BATCH * BATCH;
      }

      @Override
      public Iterator<LeastSquares.Row> rows(long epoch, long from) {
        List<LeastSquares.Row> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(epoch));
        return shuffled.listIterator((int) from);
      }
    };
  }
}
