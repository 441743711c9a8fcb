package dev.assay.job.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.TestSpark;
import dev.assay.job.train.step.WholeExecutor;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training on clusters of two executors, each a process, against training in one. One JVM has one
 * Spark context at a time, and local mode knows no resources, so the clusters get a JVM of their
 * own.
 */
class ClusterTrainingTest {
  /**
   * For JVMs that live for seconds. The number of threads is given so that PyTorch is not loaded to
   * find it out; nothing here computes with it.
   */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dai.djl.pytorch.num_threads=1");

  @TempDir static Path folder;

  private static Map<String, String> reported;

  @BeforeAll
  static void train() throws Exception {
    Path script = folder.resolve("discover");
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"5\", \"7\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(folder.resolve("home/jars"));
    Path log = folder.resolve("log");
    Process process = start(log);
    try {
      assertTrue(process.waitFor(8, TimeUnit.MINUTES), () -> tail(log));
      assertEquals(0, process.exitValue(), () -> tail(log));
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    reported =
        Files.readAllLines(folder.resolve("reported")).stream()
            .map(line -> line.split("\t"))
            .collect(Collectors.toMap(words -> words[0], words -> words[1]));
  }

  private static Process start(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(SHORT_LIVED);
    command.addAll(List.of("-Xmx1g", "-cp", classPath()));
    command.addAll(List.of(Clusters.class.getName(), folder.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13"); // else it looks for a build of Spark
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    builder.directory(folder.toFile());
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** The class path of this JVM, also for a process that runs in another folder. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void twoExecutorsTrainWhatOneProcessTrainsToTheBit() {
    String here = bits(TestRun.in(folder.resolve("here")).run(TestSpark.session()));
    assertEquals(here, reported.get("one thread"));
    assertEquals(here, reported.get("two executors"));
  }

  @Test
  void anExecutorThatDiesInAStepCostsTheTaskAndNotTheResult() {
    assertEquals(reported.get("two executors"), reported.get("task again"));
    assertEquals("false", reported.get("task repeated"));
  }

  @Test
  void aStepThatSparkGivesUpIsRepeatedAndNotTheRun() {
    assertEquals(reported.get("two executors"), reported.get("step again"));
    assertEquals("true", reported.get("step repeated"));
  }

  @Test
  void shardsOnTwoExecutorsAreTrainedToTheSameBits() {
    assertEquals(reported.get("two executors"), reported.get("shards"));
  }

  @Test
  void shardsThatAreLostWithTheirExecutorAreTrainedAgainFromTheLastCheckpoint() {
    assertEquals(reported.get("two executors"), reported.get("lost shards"));
    assertEquals("true", reported.get("went back"));
  }

  @Test
  void aTrainingTaskHasAnExecutorToItself() {
    assertEquals("2 slots, 2 cpus, 0 gpus", reported.get("profile"));
    assertEquals("1", reported.get("at a time"));
  }

  @Test
  void aTrainingTaskHasAGpuToItself() {
    assertEquals("2 slots, 1 cpus, 1 gpus", reported.get("gpu profile"));
    assertEquals("5,7", reported.get("gpus"));
  }

  private static String bits(TrainingState state) {
    return Arrays.deepHashCode(state.values())
        + " "
        + Arrays.deepHashCode(state.optimizer().means())
        + " "
        + Arrays.deepHashCode(state.optimizer().squares());
  }

  /** The other JVM. */
  static final class Clusters {
    private final Path folder;
    private final List<String> lines = new ArrayList<>();

    private Clusters(Path folder) {
      this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
      Clusters clusters = new Clusters(Path.of(args[0]));
      clusters.oneThread();
      clusters.patient();
      clusters.impatient();
      clusters.withGpus();
      Files.write(clusters.folder.resolve("reported"), clusters.lines);
    }

    private void report(String what, Object value) {
      lines.add(what + "\t" + value);
    }

    private void oneThread() throws IOException {
      try (SparkSession spark = session("local[1]", Map.of())) {
        report("one thread", bits(run("one").run(spark)));
      }
    }

    /** Spark runs a task again. */
    private void patient() throws IOException {
      try (SparkSession spark = session("local-cluster[2,1,1024]", Map.of())) {
        report("two executors", bits(run("two").run(spark)));
        TestRun deadly = deadly("patient");
        report("task again", bits(deadly.run(spark)));
        report("task repeated", deadly.lines().contains("is repeated"));
        awaitExecutors(2, spark);
        TestRun shards = run("shards").inShards();
        report("shards", bits(shards.run(spark)));
        TestRun lost = deadly("lost").inShards();
        report("lost shards", bits(lost.run(spark)));
        report("went back", lost.lines().contains("was lost in step"));
      }
    }

    /** Spark gives up a step at once. */
    private void impatient() throws IOException {
      Map<String, String> once = Map.of("spark.task.maxFailures", "1");
      try (SparkSession spark = session("local-cluster[2,2,1024]", once)) {
        TestRun deadly = deadly("impatient");
        report("step again", bits(deadly.run(spark)));
        report("step repeated", deadly.lines().contains("is repeated"));
        awaitExecutors(2, spark);
        WholeExecutor executor = WholeExecutor.of(spark.sparkContext(), true);
        report("profile", describe(executor));
        report("at a time", mostAtATime(executor, spark));
      }
    }

    private void withGpus() throws IOException {
      Map<String, String> gpus =
          Map.of(
              "spark.worker.resource.gpu.amount", "2",
              "spark.worker.resource.gpu.discoveryScript", folder.resolve("discover").toString(),
              "spark.executor.resource.gpu.amount", "2",
              "spark.task.resource.gpu.amount", "0.5");
      try (SparkSession spark = session("local-cluster[1,2,1024]", gpus)) {
        spark.range(1).count(); // the executor is there
        WholeExecutor executor = WholeExecutor.of(spark.sparkContext(), true);
        report("gpu profile", describe(executor));
        JavaRDD<Integer> four =
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(List.of(1, 2, 3, 4), 4)
                .withResources(executor.profile().orElseThrow());
        report(
            "gpus",
            four
                .map(one -> TaskContext.get().resourcesJMap().get("gpu").addresses())
                .collect()
                .stream()
                .map(addresses -> String.join(" ", addresses))
                .distinct()
                .sorted()
                .collect(Collectors.joining(",")));
      }
    }

    private TestRun run(String name) {
      return TestRun.in(folder.resolve(name));
    }

    /** The rows are the same; whoever comes first to one of them dies of it. */
    private TestRun deadly(String name) {
      String marker = folder.resolve(name + "-died").toString();
      TestRun run = run(name);
      for (int row = 0; row < 26; row += 13) {
        run = run.withRow(row, new LeastSquares.Row("q" + row, marker + row, false));
      }
      return run;
    }

    /** Those that have died are replaced, in their time. */
    private static void awaitExecutors(int count, SparkSession spark) {
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      var status = spark.sparkContext().statusStore();
      while (status.executorList(true).size() < 1 + count && System.nanoTime() < deadline) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }

    private static String describe(WholeExecutor executor) {
      var asked = executor.profile().orElseThrow().taskResourcesJMap();
      int gpus = asked.containsKey("gpu") ? (int) asked.get("gpu").amount() : 0;
      return "%d slots, %d cpus, %d gpus"
          .formatted(executor.slots(), (int) asked.get("cpus").amount(), gpus);
    }

    /** How many tasks one executor had at a time, of eight that took a while. */
    private static int mostAtATime(WholeExecutor executor, SparkSession spark) {
      return JavaSparkContext.fromSparkContext(spark.sparkContext())
          .parallelize(List.of(1, 2, 3, 4, 5, 6, 7, 8), 8)
          .withResources(executor.profile().orElseThrow())
          .map(
              one -> {
                int now = Counting.RUNNING.incrementAndGet();
                Thread.sleep(50);
                Counting.RUNNING.decrementAndGet();
                return now;
              })
          .reduce(Math::max);
    }

    private static SparkSession session(String master, Map<String, String> settings) {
      SparkSession.Builder builder =
          SparkSession.builder()
              .master(master)
              .config("spark.ui.enabled", false)
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.executor.memory", "512m")
              .config("spark.executor.extraJavaOptions", String.join(" ", SHORT_LIVED))
              .config("spark.executor.extraClassPath", System.getProperty("java.class.path"));
      settings.forEach(builder::config);
      return builder.getOrCreate();
    }
  }

  private static final class Counting {
    private static final java.util.concurrent.atomic.AtomicInteger RUNNING =
        new java.util.concurrent.atomic.AtomicInteger();
  }
}
