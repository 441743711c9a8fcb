package dev.assay.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.item.Sha256;
import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.TestCompute;
import dev.assay.job.TestSpark;
import dev.assay.job.embed.EmbedJob;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.judge.JudgeJob;
import dev.assay.job.store.Slices;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import dev.assay.udf.OrderChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DryRunTest {
  private static final Path IMAGES = TinyWorld.FIXTURES.resolve("images");
  private static final String MODEL = TinyWorld.FIXTURES.resolve("qwen2-vl").toString();

  @TempDir Path folder;

  @BeforeAll
  static void planQuickly() {
    TestSpark.planQuickly();
  }

  @AfterAll
  static void planAsUsual() {
    TestSpark.planAsUsual();
  }

  @Test
  void tellsWhatIsMissingAndWhatItCostsAndWritesNothing() {
    TinyWorld world = world();
    world.run(judge());
    assertEquals("judge: up to date\n", dryRun(OptionalDouble.empty(), judge()));
    world.candidate("c4", "more words", null).retrieved("q1", "c4", 3, 0.2f).write(IMAGES);
    Map<String, String> before = files();

    String given = dryRun(OptionalDouble.of(0.01), judge());
    String measured = dryRun(OptionalDouble.empty(), judge());

    assertEquals(before, files());
    assertTrue(given.startsWith("judge: would run\n"), given);
    assertTrue(given.contains("pairs     4 (4 distinct), 3 in the store, 1 to judge"), given);
    assertTrue(given.contains("time      1.7 min at 0.010 pairs/s, as given"), given);
    assertTrue(given.contains("images    at most 3 of "), given);
    assertTrue(given.contains("from the 1 pairs of 1 whose shared sides"), given);
    assertTrue(measured.contains("measured here"), measured);
  }

  @Test
  void aLaterJobIsToldToDependOnWhatWouldChange() {
    world();

    String said = dryRun(OptionalDouble.of(100), embed(), judge(), new Reads());

    assertTrue(said.contains("embed: would run\n  items     6 (6 distinct), 0 in the store"), said);
    assertTrue(said.contains("judge: would run\n"), said);
    assertTrue(
        said.contains("later: would run; what it costs is known when there is scored\n"), said);
    assertTrue(said.contains("models would compute for 0.1 s in the jobs above"), said);
    assertFalse(workspace().has(Tables.EMBEDDING_STORE));
    Matcher tokens =
        Pattern.compile("(\\d+) \\([0-9.]+ each\\), (\\d+) without").matcher(judging(said));
    assertTrue(tokens.find(), said);
    assertTrue(
        Long.parseLong(tokens.group(1)) < Long.parseLong(tokens.group(2)),
        "q1 is shared by two pairs: " + said);
  }

  private static String judging(String said) {
    return said.substring(said.indexOf("judge: "));
  }

  /** Two queries with positives, and one without. */
  private TinyWorld world() {
    return TinyWorld.ofThreeQueries(folder)
        .retrieved("q1", "c1", 0, 0.9f)
        .retrieved("q3", "c1", 0, 0.5f)
        .write(IMAGES);
  }

  private String dryRun(OptionalDouble rate, Job... jobs) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    PrintStream none = new PrintStream(PrintStream.nullOutputStream(), true);
    Pipeline pipeline =
        new Pipeline(
            List.of(jobs), folder.toString(), new SparkStart(null, Map.of()), QuarantineLimit.NONE);
    pipeline.checkInputs();
    new DryRun(pipeline, rate).run(TestSpark.session(), workspace(), out, none);
    return printed.toString(StandardCharsets.UTF_8);
  }

  private Workspace workspace() {
    return Workspace.openToRead(TestSpark.session(), folder.toString());
  }

  private static JudgeJob judge() {
    return new JudgeJob(
        new JudgeJobOptions(
            MODEL, TestCompute.cpu(64, 1024), OrderChoice.QUERY_FIRST, "", Slices.of(1000)));
  }

  private static EmbedJob embed() {
    return new EmbedJob(new EmbedJobOptions(MODEL, TestCompute.cpu(64, 1024), Slices.of(1000)));
  }

  /** Reads what judge writes. */
  private record Reads() implements Job {
    @Override
    public String name() {
      return "later";
    }

    @Override
    public List<String> inputs() {
      return List.of(Tables.SCORED);
    }

    @Override
    public List<String> outputs() {
      return List.of("later");
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public JobResult run(JobContext context) {
      throw new AssertionError("a dry run ran it");
    }
  }

  /** Every file below the folder and its content. */
  private Map<String, String> files() {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.toList()) {
        found.put(
            folder.relativize(file) + " " + Files.getLastModifiedTime(file),
            Files.isDirectory(file) ? "" : new Sha256().add(Files.readAllBytes(file)).hex());
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
