package dev.assay.job.judge;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import com.sun.management.OperatingSystemMXBean;
import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.inference.PairTable;
import dev.assay.job.mine.MineJob;
import dev.assay.job.mine.MineOptions;
import dev.assay.job.pipeline.Pipeline;
import dev.assay.job.pipeline.SparkStart;
import dev.assay.job.store.Computation;
import dev.assay.job.store.Slices;
import dev.assay.job.workspace.Tables;
import dev.assay.udf.Judge;
import dev.assay.udf.OrderChoice;
import dev.assay.udf.StandInJudge;
import dev.assay.udf.compute.Compute;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * Runs one job on synthetic tables, with a judge that costs nothing; {@code run} calls it. Prints
 * when the job begins, and at its end: seconds, processor seconds, peak of the heap after
 * collections in megabytes.
 *
 * <pre>Scale tables|judge|mine WORKSPACE PAIRS SLICE_SIZE JUDGE_CHECKPOINT CORES</pre>
 */
public final class Scale {
  /** Retrieved candidates of a query. */
  private static final int TOP = 50;

  private static final int BATCH = 64;
  private static final int PAIRS_A_TASK = 1024;

  public static void main(String[] arguments) {
    String workspace = arguments[1];
    long pairs = Long.parseLong(arguments[2]);
    Job job =
        switch (arguments[0]) {
          case "tables" -> new SyntheticTables(pairs);
          case "judge" ->
              new JudgeJob(
                  new JudgeJobOptions(
                      arguments[4],
                      Compute.auto(BATCH, 2048),
                      OrderChoice.QUERY_FIRST,
                      "",
                      new Slices(Long.parseLong(arguments[3]), 3)),
                  new StandIn());
          case "mine" -> new MineJob(new MineOptions(0.01, 10, 5, MineOptions.Fallback.RANDOM, 0));
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    SparkStart spark = new SparkStart("local[" + arguments[5] + "]", Map.of());
    Peak peak = new Peak();
    Pipeline pipeline =
        new Pipeline(List.of(new Timed(job, peak)), workspace, spark, QuarantineLimit.NONE);
    Pipeline.run(List.of(pipeline), System.err, System.err);
  }

  /** Says when the job begins and what it took. */
  private record Timed(Job job, Peak peak) implements Job {
    @Override
    public String name() {
      return job.name();
    }

    @Override
    public List<String> inputs() {
      return job.inputs();
    }

    @Override
    public List<String> outputs() {
      return job.outputs();
    }

    @Override
    public int version() {
      return job.version();
    }

    @Override
    public JobResult run(JobContext context) {
      long start = System.nanoTime();
      long processor = processor();
      System.out.println("begin");
      JobResult result = job.run(context);
      System.out.printf(
          Locale.ROOT,
          "done %.1f %.1f %d%n",
          (System.nanoTime() - start) / 1e9,
          (processor() - processor) / 1e9,
          peak.megabytes());
      return result;
    }

    private static long processor() {
      return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }
  }

  /** The most that was left on the heap by a collection, looked at twice a second. */
  private static final class Peak {
    private volatile long bytes;

    Peak() {
      Thread watching = new Thread(this::watch);
      watching.setDaemon(true);
      watching.start();
    }

    private void watch() {
      try {
        while (true) {
          long now = 0;
          for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage left = pool.getCollectionUsage();
            now += pool.getType() == MemoryType.HEAP && left != null ? left.getUsed() : 0;
          }
          bytes = Math.max(bytes, now);
          Thread.sleep(500);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    long megabytes() {
      return bytes >> 20;
    }
  }

  /** What retrieve and ingest would leave: 50 candidates a query, one of them its positive. */
  private record SyntheticTables(long pairs) implements Job {
    @Override
    public String name() {
      return "tables";
    }

    @Override
    public List<String> inputs() {
      return List.of();
    }

    @Override
    public List<String> outputs() {
      return List.of(
          Tables.RETRIEVED, Tables.EXCLUDED, Tables.POSITIVES, Tables.CANDIDATES, Tables.QUERIES);
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public JobResult run(JobContext context) {
      long queries = Math.max(1, pairs / TOP);
      long candidates = Math.max(TOP, 3 * queries / 2);
      context.write(Tables.QUERIES, items(context, queries, "q", Tables.QUERY_ID));
      context.write(Tables.CANDIDATES, items(context, candidates, "c", Tables.CANDIDATE_ID));
      Dataset<Row> ranked =
          context
              .spark()
              .range(queries * TOP)
              .selectExpr(
                  "id div " + TOP + " AS q",
                  "CAST(id % " + TOP + " AS INT) AS " + Tables.RANK,
                  "CAST(1 - (id % " + TOP + ") / 100.0 AS FLOAT) AS " + Tables.SIMILARITY)
              // Scattered, and no candidate twice for a query.
              .withColumn(
                  "c",
                  expr(
                      "pmod(xxhash64(q), "
                          + candidates
                          + " div "
                          + TOP
                          + ") + rank * ("
                          + candidates
                          + " div "
                          + TOP
                          + ")"));
      Dataset<Row> named =
          ranked.selectExpr(
              "concat('q', q) AS " + Tables.QUERY_ID,
              "concat('c', c) AS " + Tables.CANDIDATE_ID,
              Tables.RANK,
              Tables.SIMILARITY);
      context.write(Tables.RETRIEVED, named);
      context.write(
          Tables.POSITIVES,
          named.where(col(Tables.RANK).equalTo(3)).select(Tables.QUERY_ID, Tables.CANDIDATE_ID));
      context.write(
          Tables.EXCLUDED,
          context
              .spark()
              .createDataFrame(List.<Row>of(), Tables.schema(Tables.EXCLUDED).orElseThrow()));
      return new JobResult(new TreeMap<>(), pairs + " pairs");
    }

    private static Dataset<Row> items(JobContext context, long rows, String prefix, String id) {
      return context
          .spark()
          .range(rows)
          .selectExpr(
              "concat('" + prefix + "', id) AS " + id,
              "'synthetic' AS dataset",
              "concat('" + prefix + "', id, ' ', repeat(sha2(CAST(id AS STRING), 256), 2)) AS text",
              "CAST(NULL AS STRING) AS image")
          .withColumn(Tables.CONTENT_HASH, sha2(col("text"), 256));
    }
  }

  /** The real transformer over a scorer without a model. */
  private record StandIn() implements Computation, Computation.Identified, Computation.Loaded {
    @Override
    public Identified identify(JobContext context) {
      return this;
    }

    @Override
    public Dataset<Row> sign(Dataset<Row> wanted) {
      return wanted
          .withColumn(Tables.JUDGE, lit("stand-in"))
          .withColumn(TOGETHER, col(Tables.QUERY_HASH));
    }

    @Override
    public Loaded load() {
      return this;
    }

    @Override
    public Dataset<Row> compute(Dataset<Row> slice, long rows, LongAccumulator done) {
      int parallelism = slice.sparkSession().sparkContext().defaultParallelism();
      Judge judge =
          StandInJudge.judge()
              .setModelUrl("stand-in")
              .setCompute(Compute.auto(BATCH, 2048))
              .setInputCols(
                  PairTable.QUERY_TEXT,
                  PairTable.QUERY_IMAGE,
                  PairTable.CANDIDATE_TEXT,
                  PairTable.CANDIDATE_IMAGE)
              .setHashCols(Tables.QUERY_HASH, Tables.CANDIDATE_HASH)
              .setOutputCol(Tables.MARGIN)
              .setErrorCol(Tables.ERROR);
      return judge
          .setNumPartitions(
              (int) Math.max(1, Math.max(Math.min(rows, 2L * parallelism), rows / PAIRS_A_TASK)))
          .withCounter(done)
          .transform(slice);
    }
  }
}
