package dev.assay.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.workspace.GrowingTable;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunnerTest {
  private final SparkSession spark = TestSpark.session();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  @TempDir Path folder;
  private Workspace workspace;
  private JobRunner runner;

  @BeforeEach
  void open() {
    workspace = Workspace.open(spark, folder.toString());
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    runner = new JobRunner(spark, workspace, out, out);
  }

  @Test
  void skipsAJobWhoseInputsAndSettingsAreTheSame() {
    assertFalse(runner.run(new Write("a")).skipped());
    assertTrue(runner.run(new Write("a")).skipped());
    assertFalse(runner.run(new Write("b")).skipped());
  }

  @Test
  void runsAgainWhereAnInputWasWrittenAgain() {
    runner.run(new Write("a"));
    assertFalse(runner.run(new Read()).skipped());
    assertTrue(runner.run(new Read()).skipped());

    runner.run(new Write("b"));

    assertFalse(runner.run(new Read()).skipped());
  }

  @Test
  void refusesAMissingInputBeforeWorkBegins() {
    SettingsException e = assertThrows(SettingsException.class, () -> runner.run(new Read()));

    assertTrue(e.getMessage().contains("run `assay ingest` first"), e.getMessage());
  }

  @Test
  void leavesEveryTableAsItWasWhereAJobFails() {
    runner.run(new Write("a"));
    Write failing =
        new Write(
            "b",
            context -> {
              throw new JobFailedException("too much");
            });

    assertThrows(JobFailedException.class, () -> runner.run(failing));

    assertEquals("a", workspace.read(Tables.POSITIVES).first().getString(0));
  }

  @Test
  void keepsWhatWasAppendedWhereAJobFails() {
    Write failing =
        new Write(
            "a",
            context -> {
              GrowingTable store = context.grow("store");
              store.add(store.stage(spark.sql("SELECT 1 AS x")));
              store.add(store.stage(spark.sql("SELECT 2 AS x")));
              throw new JobFailedException("killed");
            });

    assertThrows(JobFailedException.class, () -> runner.run(failing));

    assertEquals(2, workspace.read("store").count());
    assertFalse(workspace.has(Tables.POSITIVES));
  }

  @Test
  void replacesOnlyTheJobsOwnQuarantine() {
    String row = "SELECT 'x' id, 'broken' reason, 'd' detail, 's' source";
    runner.run(new Write("a", context -> context.quarantine(spark.sql(row))));
    assertEquals("ingest", workspace.read(Tables.QUARANTINE).first().getString(0));

    runner.run(new Write("b"));

    assertFalse(workspace.has(Tables.QUARANTINE));
  }

  @Test
  void tellsWhatAJobSetAsideByReason() {
    runner.run(
        new Write(
            "a",
            context -> {
              context.quarantine(bad("broken", 1));
              context.quarantine(bad("empty", 2).union(bad("broken", 1)));
              context.quarantine(bad("none", 0));
            }));

    String line = printed.toString(StandardCharsets.UTF_8);
    assertTrue(line.contains("wrote a; 4 quarantined (broken 2, empty 2) ("), line);
    assertEquals(4, workspace.read(Tables.QUARANTINE).count());
    assertEquals(4, workspace.manifest(Tables.POSITIVES).counts().get("quarantined"));
  }

  @Test
  void stopsAJobThatSetsTooMuchAsideAndChangesNoTable() {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    JobRunner strict =
        new JobRunner(
            spark, workspace, out, out, new QuarantineLimit("assay.max-quarantined", 0.01));
    strict.run(new Write("a", context -> context.quarantine(bad("broken", 1), 100)));

    JobFailedException e =
        assertThrows(
            JobFailedException.class,
            () -> strict.run(new Write("b", context -> context.quarantine(bad("empty", 3), 200))));

    assertEquals(
        "Cannot ingest: 3 of 200 rows (1.5%) cannot be used, more than assay.max-quarantined ="
            + " 0.01: empty 3; such as s of two lines x 0: d; no table was changed",
        e.getMessage());
    assertEquals("a", workspace.read(Tables.POSITIVES).first().getString(0));
    assertEquals("broken", workspace.read(Tables.QUARANTINE).first().getAs("reason"));
    strict.run(new Write("c", context -> context.quarantine(bad("unmatched", 3))));
  }

  @Test
  void aDetailIsCutToAReadableLength() {
    String row = "SELECT 'x' id, 'missing' reason, repeat('y', 100000) detail, 's' source";
    runner.run(new Write("a", context -> context.quarantine(spark.sql(row))));

    String detail = workspace.read(Tables.QUARANTINE).first().getAs("detail");
    assertEquals("y".repeat(1000), detail);
  }

  private Dataset<Row> bad(String reason, int rows) {
    return spark
        .range(rows)
        .selectExpr(
            "concat('x ', id) id",
            "'%s' reason".formatted(reason),
            "'d' detail",
            "'s of\ntwo lines' source");
  }

  @Test
  void printsOneLineAJob() {
    runner.run(new Write("a"));
    runner.run(new Write("a"));

    String[] lines = printed.toString(StandardCharsets.UTF_8).split("\n");
    assertEquals(2, lines.length);
    assertTrue(lines[0].matches("ingest: wrote a; 0 quarantined \\(\\d+\\.\\d s\\)"), lines[0]);
    assertEquals("ingest: up to date", lines[1]);
  }

  /** Writes one positive. */
  private record Write(String query, Consumer<JobContext> extra) implements Job {
    Write(String query) {
      this(query, context -> {});
    }

    @Override
    public String name() {
      return "ingest";
    }

    @Override
    public List<String> inputs() {
      return List.of();
    }

    @Override
    public List<String> outputs() {
      return List.of(Tables.POSITIVES);
    }

    @Override
    public SortedMap<String, String> settings() {
      return new TreeMap<>(java.util.Map.of("query", query));
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public JobResult run(JobContext context) {
      String sql = "SELECT '" + query + "' query_id, 'c' candidate_id";
      context.write(Tables.POSITIVES, context.spark().sql(sql));
      extra.accept(context);
      return new JobResult(new TreeMap<>(), "wrote " + query);
    }
  }

  /** Copies positives into a table of its own. */
  private record Read() implements Job {
    @Override
    public String name() {
      return "read";
    }

    @Override
    public List<String> inputs() {
      return List.of(Tables.POSITIVES);
    }

    @Override
    public List<String> outputs() {
      return List.of("copy");
    }

    @Override
    public SortedMap<String, String> settings() {
      return new TreeMap<>();
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public JobResult run(JobContext context) {
      context.write("copy", context.read(Tables.POSITIVES));
      return new JobResult(new TreeMap<>(), "copied");
    }
  }
}
