package dev.assay.job.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.JobRunner;
import dev.assay.job.TestCompute;
import dev.assay.job.TestSpark;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.evaluate.EvaluateOptions.RerankMethod;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.search.Pool;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import dev.assay.udf.OrderChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateJobTest {
  private static final String BASE = TinyWorld.FIXTURES.resolve("qwen2-vl-bf16").toString();
  private static final String JUDGE = TinyWorld.FIXTURES.resolve("qwen2.5-vl-fp16").toString();
  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";
  private static final String COMPILED = "spark.sql.codegen.wholeStage";
  private static final int DEPTH = 10;
  private static final int TOP = 5;

  @TempDir Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  /** Changes one thing of the options. */
  private record Changes(String data, String systems, Pool pool, long seed) {
    static Changes none() {
      return new Changes("", "base, trained, reranked", Pool.DATASET, 0);
    }
  }

  /** Many small queries: planning and compiling them takes longer than they do. */
  @BeforeAll
  static void planOnce() {
    TestSpark.session().conf().set(ADAPTIVE, false);
    TestSpark.session().conf().set(COMPILED, false);
  }

  @AfterAll
  static void planAsUsual() {
    TestSpark.session().conf().unset(ADAPTIVE);
    TestSpark.session().conf().unset(COMPILED);
  }

  @Test
  void everyFigureEqualsBruteForce() throws IOException {
    for (Pool pool : Pool.values()) {
      EvaluationWorld world = EvaluationWorld.random(pool.ordinal());
      Workspace workspace = trained(world, "world" + pool, 3);

      run(workspace, new Changes("", "base, trained, reranked", pool, 0));

      boolean global = pool == Pool.GLOBAL;
      for (EvaluatedSystem system : EvaluatedSystem.values()) {
        String embedder = system == EvaluatedSystem.BASE ? BASE : "embedder";
        RerankMethod reranks = system == EvaluatedSystem.RERANKED ? method(pool) : null;
        Map<String, Double> expected =
            new SlowEvaluation(world, embedder, reranks, global, DEPTH, TOP).figures();
        Map<String, Double> found = figures(workspace, system);
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach(
            (name, value) -> assertEquals(value, found.get(name), 1e-12, system + " " + name));
        assertTrue(expected.keySet().size() >= 31, expected.keySet()::toString);
      }
    }
  }

  @Test
  void partitionsDoNotMatterToTheLastBit() {
    EvaluationWorld world = EvaluationWorld.random(8);
    Workspace one = world.write(folder.resolve("one").toString(), 1);
    Workspace many = world.write(folder.resolve("many").toString(), 7);

    run(one, new Changes("", "reranked", Pool.DATASET, 0));
    run(many, new Changes("", "reranked", Pool.DATASET, 0));

    assertEquals(rows(one, "reranked"), rows(many, "reranked"));
  }

  @Test
  void reportsSideBySideWithIntervalsAndMeansAndIsSkippedTheSecondTime() throws IOException {
    Workspace workspace = trained(EvaluationWorld.random(4), "world", 2);
    assertFalse(run(workspace, Changes.none()).skipped());

    for (Row row : workspace.read(Tables.EVALUATION).collectAsList()) {
      assertTrue(row.<Double>getAs("low") <= row.<Double>getAs("value") + 1e-12, row::toString);
      assertTrue(row.<Double>getAs("value") <= row.<Double>getAs("high") + 1e-12, row::toString);
      assertEquals(row.getAs("system").equals("base"), row.getAs("difference") == null);
    }
    double sum = 0;
    for (int set = 0; set < 3; set++) {
      sum += value(workspace, "trained", "set" + set, "query_to_candidate", "MRR");
    }
    assertEquals(
        sum / 3, value(workspace, "trained", "mean of all", "query_to_candidate", "MRR"), 1e-12);
    String said = said();
    assertTrue(said.contains("less base") && said.contains("From candidate to query"), said);
    assertTrue(
        said.lines()
            .anyMatch(
                line ->
                    line.matches(
                        "  set0 +R@1 +\\d+( +\\d+\\.\\d \\[\\d+\\.\\d, \\d+\\.\\d])"
                            + "( +\\d+\\.\\d \\[.*] +[+-]\\d+\\.\\d \\[.*]){2}")),
        said);
    assertTrue(run(workspace, Changes.none()).skipped());
  }

  @Test
  void anotherSeedGivesOtherIntervalsOfTheSameFigures() {
    Workspace workspace = EvaluationWorld.random(5).write(folder.toString(), 2);
    run(workspace, new Changes("", "base", Pool.DATASET, 0));
    List<String> first = rows(workspace, "base");
    Map<String, Double> figures = figures(workspace, EvaluatedSystem.BASE);

    run(workspace, new Changes("", "base", Pool.DATASET, 1));

    assertNotEquals(first, rows(workspace, "base"));
    assertEquals(figures, figures(workspace, EvaluatedSystem.BASE));
  }

  @Test
  void aTieAmongChoicesIsWrongAndTheSameContentIsRight() {
    EvaluationWorld world =
        new EvaluationWorld()
            .query("q1", "add_att", "q")
            .candidate("c1", "add_att", "x#1")
            .candidate("c2", "add_att", "x#2")
            .positive("q1", "c1")
            .choice("q1", "c1", "c2")
            .query("q2", "add_obj", "q")
            .candidate("c3", "add_obj", "y")
            .candidate("c4", "add_obj", "y")
            .positive("q2", "c4")
            .choice("q2", "c3", "c4");
    Workspace workspace = world.write(folder.toString(), 1);

    run(workspace, new Changes("", "base", Pool.DATASET, 0));

    assertEquals(0, value(workspace, "base", "add_att", "choices", "P@1"));
    assertEquals(1, value(workspace, "base", "add_obj", "choices", "P@1"));
    assertEquals(0.5, value(workspace, "base", "mean of add", "choices", "P@1"));
    assertFalse(said().contains("From query to candidate"), this::said);
  }

  @Test
  void tiesInRetrievalAreInTheOrderOfIds() {
    EvaluationWorld world =
        new EvaluationWorld()
            .query("q1", "a", "q")
            .candidate("c1", "a", "x#1")
            .candidate("c2", "a", "x#2")
            .positive("q1", "c2")
            .query("q2", "b", "q")
            .candidate("c3", "b", "x#1")
            .candidate("c4", "b", "x#2")
            .positive("q2", "c3");
    Workspace workspace = world.write(folder.toString(), 1);

    run(workspace, new Changes("", "base", Pool.DATASET, 0));

    assertEquals(0.5, value(workspace, "base", "a", "query_to_candidate", "MRR"));
    assertEquals(1, value(workspace, "base", "b", "query_to_candidate", "MRR"));
  }

  @Test
  void queriesWithoutPositiveAreLeftOutAndItemsWithoutEmbeddingAreMisses() {
    EvaluationWorld world =
        new EvaluationWorld()
            .query("q1", "a", "q")
            .query("q2", "a", "nan")
            .query("q3", "a", "alone")
            .query("q4", "a", "lost")
            .candidate("c1", "a", "x")
            .candidate("c2", "a", "nan x")
            .candidate("c3", "b", "y")
            .positive("q1", "c1")
            .positive("q2", "c1")
            .positive("q1", "c2")
            .positive("q4", "c3");
    Workspace workspace = world.write(folder.toString(), 1);

    JobRunner.Outcome outcome = run(workspace, new Changes("", "base", Pool.DATASET, 0));

    assertEquals(1.0 / 3, value(workspace, "base", "a", "query_to_candidate", "R@10"), 1e-12);
    assertEquals(3, outcome.result().counts().get("queries"));
    String summary = outcome.result().summary();
    assertTrue(
        summary.startsWith(
            "base on 3 queries of 1 datasets; 1 queries without a positive left out; 1 positives"
                + " are of another dataset than their query and are not found"),
        summary);
    assertTrue(summary.endsWith("2 quarantined (nan_embedding 2)"), summary);
  }

  @Test
  void evaluatesOnAnotherWorkspaceWithoutWritingThere() throws IOException {
    EvaluationWorld world = EvaluationWorld.random(7);
    Workspace data = world.write(folder.resolve("data").toString(), 2);
    Workspace own = Workspace.open(TestSpark.session(), folder.resolve("own").toString());

    run(own, new Changes(data.location(), "base", Pool.DATASET, 0));

    Map<String, Double> expected =
        new SlowEvaluation(world, BASE, null, false, DEPTH, TOP).figures();
    assertEquals(expected.keySet(), figures(own, EvaluatedSystem.BASE).keySet());
    try (Stream<Path> files = Files.list(folder.resolve("data"))) {
      assertEquals(
          List.of("candidates", "choices", "positives", "queries"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void saysWhichModelsAreMissingAndRefusesWhereAllAre() {
    Workspace workspace = EvaluationWorld.random(9).write(folder.toString(), 1);

    String summary = run(workspace, Changes.none()).result().summary();

    assertTrue(summary.startsWith("base, reranked on "), summary);
    assertTrue(summary.contains("; no model for trained"), summary);
    SettingsException e =
        assertThrows(
            SettingsException.class,
            () -> run(workspace, new Changes("", "trained", Pool.DATASET, 0)));
    assertEquals(
        "Cannot evaluate trained: no model is there; set assay.models.embedder, or train one",
        e.getMessage());
    assertThrows(SettingsException.class, () -> EvaluatedSystem.parse("base, best"));
    assertThrows(SettingsException.class, () -> EvaluatedSystem.parse(""));
  }

  /** A workspace with a trained embedder in it. */
  private Workspace trained(EvaluationWorld world, String name, int partitions) throws IOException {
    Workspace workspace = world.write(folder.resolve(name).toString(), partitions);
    org.apache.hadoop.fs.Path staged = workspace.stageFiles(Tables.EMBEDDER_MODEL);
    Path model = Files.createDirectories(Path.of(staged.toUri().getPath()));
    try (Stream<Path> files = Files.list(TinyWorld.FIXTURES.resolve("qwen2-vl-bf16"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    workspace.commitFiles(
        Tables.EMBEDDER_MODEL,
        staged,
        new Manifest.Draft("test", 1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>()));
    return workspace;
  }

  private JobRunner.Outcome run(Workspace workspace, Changes changes) {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    EvaluateOptions options =
        new EvaluateOptions(
            changes.data(),
            EvaluatedSystem.parse(changes.systems()),
            BASE,
            JUDGE,
            new EmbedJobOptions("embedder", TestCompute.cpu(2, 1024), 1000),
            new JudgeJobOptions(
                "reranker", TestCompute.cpu(8, 1024), OrderChoice.QUERY_FIRST, "", 1000),
            "",
            changes.pool(),
            DEPTH,
            method(changes.pool()),
            TOP,
            64,
            200,
            changes.seed());
    return new JobRunner(TestSpark.session(), workspace, out, out)
        .run(new EvaluateJob(options, new FakeModels(), out));
  }

  /** So that both are met. */
  private static RerankMethod method(Pool pool) {
    return pool == Pool.GLOBAL ? RerankMethod.PAIRWISE : RerankMethod.LISTWISE;
  }

  private String said() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static List<String> rows(Workspace workspace, String system) {
    return workspace.read(Tables.EVALUATION).collectAsList().stream()
        .filter(row -> row.getAs("system").equals(system))
        .map(Row::toString)
        .sorted()
        .toList();
  }

  /** A system's figures of datasets, by {@code direction/dataset/metric}. */
  private static Map<String, Double> figures(Workspace workspace, EvaluatedSystem system) {
    Map<String, Double> figures = new TreeMap<>();
    for (Row row : workspace.read(Tables.EVALUATION).collectAsList()) {
      if (row.getAs("system").equals(system.label())
          && !row.<String>getAs("dataset").startsWith("mean of")) {
        String key = row.getAs("direction") + "/" + row.getAs("dataset");
        figures.put(key + "/" + row.getAs("metric"), row.getAs("value"));
      }
    }
    return figures;
  }

  private static double value(
      Workspace workspace, String system, String dataset, String direction, String metric) {
    return workspace.read(Tables.EVALUATION).collectAsList().stream()
        .filter(
            row ->
                row.getAs("system").equals(system)
                    && row.getAs("dataset").equals(dataset)
                    && row.getAs("direction").equals(direction)
                    && row.getAs("metric").equals(metric))
        .findFirst()
        .orElseThrow()
        .getAs("value");
  }
}
