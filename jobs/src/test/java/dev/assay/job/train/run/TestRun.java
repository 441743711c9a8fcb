package dev.assay.job.train.run;

import dev.assay.job.Progress;
import dev.assay.job.TestProgress;
import dev.assay.job.train.data.BatchStream.Position;
import dev.assay.job.train.data.Epochs;
import dev.assay.job.train.step.BatchGradients;
import dev.assay.job.train.step.BatchTasks;
import dev.assay.job.train.step.IndependentGradients;
import dev.assay.job.train.step.OpenedReplica;
import dev.assay.job.train.step.ReplicaTasks;
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
    ByteArrayOutputStream printed) {
  static final int BATCH = 8;

  static TestRun in(Path folder) {
    List<LeastSquares.Row> rows = new ArrayList<>();
    for (int i = 0; i < 26; i++) {
      rows.add(new LeastSquares.Row("q" + i, null, false));
    }
    return new TestRun(folder, 3, 7, 0.1, rows, g -> g, new ByteArrayOutputStream());
  }

  TestRun withParts(int number) {
    return new TestRun(folder, number, steps, noise, rows, around, printed);
  }

  TestRun withSteps(long number) {
    return new TestRun(folder, parts, number, noise, rows, around, printed);
  }

  TestRun withNoise(double size) {
    return new TestRun(folder, parts, steps, size, rows, around, printed);
  }

  /** Another row in the place of one. */
  TestRun withRow(int at, LeastSquares.Row row) {
    List<LeastSquares.Row> changed = new ArrayList<>(rows);
    changed.set(at, row);
    return new TestRun(folder, parts, steps, noise, changed, around, printed);
  }

  /** With something between the trainer and the executors. */
  TestRun with(UnaryOperator<BatchGradients<LeastSquares.Row>> other) {
    return new TestRun(folder, parts, steps, noise, rows, other, printed);
  }

  /** Starts, or goes on where the folder's last checkpoint is, to the end. */
  TrainingState run(SparkSession spark) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ReplicaTasks<LeastSquares.Row, LeastSquares.Example> tasks = tasks(noise);
    OpenedReplica opened = OpenedReplica.in(tasks, context);
    List<Parameter> parameters = opened.parameters();
    BatchGradients<LeastSquares.Row> gradients =
        new IndependentGradients<>(
            new BatchTasks<>(
                context,
                WholeExecutor.of(spark.sparkContext(), false),
                tasks.in(opened.precision()),
                BatchTasks.Cut.of(parameters, parts, 11)));
    RunFolder run = runFolder();
    AdamW.Settings decay = AdamW.Settings.decaying(0.01);
    TrainingState start =
        run.restore()
            .orElseGet(
                () ->
                    new TrainingState(
                        0,
                        Position.START,
                        parts,
                        opened.values(),
                        new AdamW(decay, parameters).state()));
    Schedule schedule = new Schedule(Schedule.Shape.LINEAR, 0.05, 2, steps);
    Trainer.Plan plan = new Trainer.Plan(schedule, decay, 1.0, BATCH, 2);
    try (Progress progress =
        TestProgress.of(spark, new PrintStream(printed, true, StandardCharsets.UTF_8))) {
      return new Trainer<>(plan, around.apply(gradients), epochs(), run, progress).run(start);
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
      public Iterator<LeastSquares.Row> rows(long epoch) {
        List<LeastSquares.Row> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(epoch));
        return shuffled.iterator();
      }
    };
  }
}
