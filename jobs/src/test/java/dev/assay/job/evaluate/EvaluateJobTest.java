package dev.assay.job.evaluate;

import static dev.assay.job.evaluate.EvaluationTable.figures;
import static dev.assay.job.evaluate.EvaluationTable.intervals;
import static dev.assay.job.evaluate.EvaluationTable.rows;
import static dev.assay.job.evaluate.EvaluationTable.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.JobRunner;
import dev.assay.job.TestCompute;
import dev.assay.job.TestSpark;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.evaluate.figures.Bootstrap;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.search.Pool;
import dev.assay.job.store.Slices;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import dev.assay.udf.OrderChoice;
import dev.assay.udf.RerankMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The evaluations that several tests look at run once, before all tests; no test changes their
 * workspaces.
 */
class EvaluateJobTest {
  private static final String BASE = TinyWorld.FIXTURES.resolve("qwen2-vl-bf16").toString();
  private static final String JUDGE = TinyWorld.FIXTURES.resolve("qwen2.5-vl-fp16").toString();
  private static final String ALL = "base, trained, reranked";
  private static final int DEPTH = 10;
  private static final int TOP = 5;

  private static final String PARTITIONS = "spark.sql.shuffle.partitions";

  @TempDir static Path folder;

  /** All systems on a random world, one for each pool. */
  private static final Map<Pool, Evaluated> RANDOM = new EnumMap<>(Pool.class);

  /** All systems on the random world of datasets, from a workspace without a trained embedder. */
  private static Evaluated elsewhere;

  private static List<String> filesBefore;

  /** The base embedder on a few items whose figures can be told without computing. */
  private static Evaluated few;

  /** What one run left behind. */
  private record Evaluated(
      EvaluationWorld world, Workspace workspace, JobRunner.Outcome outcome, String printed) {}

  /** Options that tests change. */
  private record Changes(String data, String systems, Pool pool, long seed) {
    static Changes none() {
      return new Changes("", ALL, Pool.DATASET, 0);
    }
  }

  @BeforeAll
  static void evaluate() throws IOException {
    TestSpark.planQuickly();
    for (Pool pool : Pool.values()) {
      EvaluationWorld world = EvaluationWorld.random(pool.ordinal());
      Workspace workspace = trained(world, "world" + pool, 1);
      RANDOM.put(pool, run(world, workspace, new Changes("", ALL, pool, 0)));
    }
    EvaluationWorld world = RANDOM.get(Pool.DATASET).world();
    Workspace data = RANDOM.get(Pool.DATASET).workspace();
    filesBefore = files(data);
    Workspace own = Workspace.open(TestSpark.session(), folder.resolve("own").toString());
    elsewhere = run(world, own, new Changes(data.location(), ALL, Pool.DATASET, 1));
    Workspace small = fewItems().write(folder.resolve("few").toString(), 1);
    few = run(fewItems(), small, new Changes("", "base", Pool.DATASET, 0));
  }

  @AfterAll
  static void planAsUsual() {
    TestSpark.planAsUsual();
  }

  private static EvaluationWorld fewItems() {
    return new EvaluationWorld()
        // equal vectors
        .query("q1", "a", "q")
        .candidate("c1", "a", "x#1")
        .candidate("c2", "a", "x#2")
        .positive("q1", "c2")
        .query("q2", "b", "q")
        .candidate("c3", "b", "x#1")
        .candidate("c4", "b", "x#2")
        .positive("q2", "c3")
        // no positive, no embedding, or a positive in another dataset
        .query("q3", "c", "q")
        .query("q4", "c", "nan")
        .query("q5", "c", "alone")
        .query("q6", "c", "lost")
        .candidate("c5", "c", "x")
        .candidate("c6", "c", "nan x")
        .candidate("c7", "d", "y")
        .positive("q3", "c5")
        .positive("q4", "c5")
        .positive("q3", "c6")
        .positive("q6", "c7");
  }

  @Test
  void everyFigureEqualsBruteForce() {
    for (Pool pool : Pool.values()) {
      Evaluated evaluated = RANDOM.get(pool);
      boolean global = pool == Pool.GLOBAL;
      for (EvaluatedSystem system : EvaluatedSystem.values()) {
        String embedder = system == EvaluatedSystem.BASE ? BASE : "embedder";
        RerankMethod reranks = system == EvaluatedSystem.RERANKED ? method(pool) : null;
        Map<String, Double> expected =
            new SlowEvaluation(evaluated.world(), embedder, reranks, global, DEPTH, TOP).figures();
        Map<String, Double> found = figures(evaluated.workspace(), system);
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach(
            (name, value) -> assertEquals(value, found.get(name), 1e-12, system + " " + name));
        assertTrue(expected.keySet().size() >= 31, expected.keySet()::toString);
      }
    }
  }

  @Test
  void probabilitiesOfListsAreNotKeptAmongTheMargins() {
    Workspace listwise = RANDOM.get(Pool.DATASET).workspace();
    assertFalse(listwise.has(Tables.SCORE_STORE));
    assertTrue(listwise.read(Tables.LIST_SCORE_STORE).where("probability is not null").count() > 0);
    Workspace pairwise = RANDOM.get(Pool.GLOBAL).workspace();
    assertFalse(pairwise.has(Tables.LIST_SCORE_STORE));
    assertTrue(pairwise.read(Tables.SCORE_STORE).where("margin is not null").count() > 0);
  }

  @Test
  void aDryRunTellsTheMostThatTheRerankerCouldGet() {
    for (Pool pool : Pool.values()) {
      Workspace workspace = RANDOM.get(pool).workspace();
      Map<String, String> told = new TreeMap<>();
      dryRun(workspace, new Changes("", ALL, pool, 7))
          .lines()
          .forEach(line -> told.put(line.what(), line.text()));

      String unit = pool == Pool.GLOBAL ? "pairs" : "candidates";
      Matcher most =
          Pattern.compile("at most ([\\d,]+) to .*; the store has ([\\d,]+) by this model")
              .matcher(told.get(unit));
      assertTrue(most.matches(), told::toString);
      long results =
          workspace
              .read(pool == Pool.GLOBAL ? Tables.SCORE_STORE : Tables.LIST_SCORE_STORE)
              .where("error is null")
              .count();
      assertEquals(results, number(most.group(2)));
      assertTrue(number(most.group(1)) > results, told::toString);
      assertTrue(told.get("items").contains("in the store"), told::toString);
      assertTrue(told.get("time").contains(unit + "/s, measured here"), told::toString);
    }
  }

  @Test
  void aDryRunTellsWhichModelsAreNotThere() {
    Workspace data = RANDOM.get(Pool.DATASET).workspace();
    Workspace own = Workspace.openToRead(TestSpark.session(), folder.resolve("no").toString());

    CostEstimate told = dryRun(own, new Changes(data.location(), "trained, base", Pool.DATASET, 7));

    assertEquals("base; no model yet for trained", told.lines().get(0).text());
  }

  private static CostEstimate dryRun(Workspace workspace, Changes changes) {
    PrintStream none = new PrintStream(PrintStream.nullOutputStream(), true);
    return new JobRunner(TestSpark.session(), workspace, none, none)
        .estimate(job(changes, none), OptionalDouble.empty())
        .orElseThrow();
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  @Test
  void partitionsDoNotMatterToTheLastBit() throws IOException {
    Evaluated one = RANDOM.get(Pool.DATASET);
    Workspace many = trained(one.world(), "many", 7);

    TestSpark.session().conf().set(PARTITIONS, "3");
    try {
      run(one.world(), many, new Changes("", "reranked", Pool.DATASET, 0));
    } finally {
      TestSpark.session().conf().set(PARTITIONS, "1");
    }

    assertEquals(intervals(one.workspace(), "reranked"), intervals(many, "reranked"));
  }

  @Test
  void reportsSideBySideWithIntervalsAndMeansAndIsSkippedTheSecondTime() {
    Workspace workspace = RANDOM.get(Pool.DATASET).workspace();
    assertFalse(RANDOM.get(Pool.DATASET).outcome().skipped());

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
    String said = RANDOM.get(Pool.DATASET).printed();
    assertTrue(said.contains("less base") && said.contains("From candidate to query"), said);
    assertTrue(
        said.lines()
            .anyMatch(
                line ->
                    line.matches(
                        "  set0 +R@1 +\\d+( +\\d+\\.\\d \\[\\d+\\.\\d, \\d+\\.\\d])"
                            + "( +\\d+\\.\\d \\[.*] +[+-]\\d+\\.\\d \\[.*]){2}")),
        said);
    assertTrue(
        run(RANDOM.get(Pool.DATASET).world(), workspace, Changes.none()).outcome().skipped());
  }

  @Test
  void anotherSeedGivesOtherIntervalsOfTheSameFigures() {
    Workspace first = RANDOM.get(Pool.DATASET).workspace(); // with seed 0
    assertNotEquals(rows(first, "base"), rows(elsewhere.workspace(), "base"));
    assertEquals(
        figures(first, EvaluatedSystem.BASE), figures(elsewhere.workspace(), EvaluatedSystem.BASE));
  }

  @Test
  void aTieAmongChoicesIsWrongUnlessTheContentIsTheSame() {
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
    Workspace workspace = world.write(folder.resolve("choices").toString(), 1);

    String said = run(world, workspace, new Changes("", "base", Pool.DATASET, 0)).printed();

    assertEquals(0, value(workspace, "base", "add_att", "choices", "P@1"));
    assertEquals(1, value(workspace, "base", "add_obj", "choices", "P@1"));
    assertEquals(0.5, value(workspace, "base", "mean of add", "choices", "P@1"));
    assertFalse(said.contains("From query to candidate"), said);
  }

  @Test
  void tiesInRetrievalAreInTheOrderOfIds() {
    assertEquals(0.5, value(few.workspace(), "base", "a", "query_to_candidate", "MRR"));
    assertEquals(1, value(few.workspace(), "base", "b", "query_to_candidate", "MRR"));
  }

  @Test
  void queriesWithoutPositiveAreLeftOutAndItemsWithoutEmbeddingAreMisses() {
    assertEquals(1.0 / 3, value(few.workspace(), "base", "c", "query_to_candidate", "R@10"), 1e-12);
    assertEquals(5, few.outcome().result().counts().get("queries"));
    String summary = few.outcome().result().summary();
    assertTrue(
        summary.startsWith(
            "base on 5 queries of 3 datasets; 1 queries without a positive left out; 1 positives"
                + " are of another dataset than their query and are not found"),
        summary);
    assertTrue(summary.endsWith("2 quarantined (nan_embedding 2)"), summary);
  }

  @Test
  void evaluatesOnAnotherWorkspaceWithoutWritingThere() throws IOException {
    Evaluated data = RANDOM.get(Pool.DATASET);
    Map<String, Double> expected =
        new SlowEvaluation(data.world(), BASE, null, false, DEPTH, TOP).figures();
    assertEquals(expected.keySet(), figures(elsewhere.workspace(), EvaluatedSystem.BASE).keySet());
    assertEquals(filesBefore, files(data.workspace()));
  }

  @Test
  void saysWhichModelsAreMissingAndRefusesWhereAllAre() {
    String summary = elsewhere.outcome().result().summary();

    assertTrue(summary.startsWith("base, reranked on "), summary);
    assertTrue(summary.contains("; no model for trained"), summary);
    SettingsException e =
        assertThrows(
            SettingsException.class,
            () -> run(few.world(), few.workspace(), new Changes("", "trained", Pool.DATASET, 0)));
    assertEquals(
        "Cannot evaluate trained: no model is there; set assay.models.embedder, or train one",
        e.getMessage());
    assertThrows(SettingsException.class, () -> EvaluatedSystem.parse("base, best"));
    assertThrows(SettingsException.class, () -> EvaluatedSystem.parse(""));
  }

  private static List<String> files(Workspace workspace) throws IOException {
    Path location = Path.of(new org.apache.hadoop.fs.Path(workspace.location()).toUri().getPath());
    try (Stream<Path> files = Files.walk(location)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  /** A workspace with a trained embedder in it. */
  private static Workspace trained(EvaluationWorld world, String name, int partitions)
      throws IOException {
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

  private static Evaluated run(EvaluationWorld world, Workspace workspace, Changes changes) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    JobRunner.Outcome outcome =
        new JobRunner(TestSpark.session(), workspace, out, out).run(job(changes, out));
    return new Evaluated(world, workspace, outcome, printed.toString(StandardCharsets.UTF_8));
  }

  private static EvaluateJob job(Changes changes, PrintStream out) {
    EvaluateOptions options =
        new EvaluateOptions(
            changes.data(),
            EvaluatedSystem.parse(changes.systems()),
            new EvaluateOptions.Checkpoints(BASE, JUDGE),
            new EvaluateOptions.Embedding(TestCompute.cpu(2, 1024), Slices.of(1000)),
            new EvaluateOptions.Retrieval(changes.pool(), DEPTH, 64),
            new EvaluateOptions.Rerank(
                method(changes.pool()),
                TOP,
                OrderChoice.QUERY_FIRST,
                new EvaluateOptions.Instructions("", ""),
                TestCompute.cpu(8, 1024),
                Slices.of(1000)),
            new Bootstrap(200, changes.seed()));
    return new EvaluateJob(options, new FakeModels(), out);
  }

  /** Both methods are tested. */
  private static RerankMethod method(Pool pool) {
    return pool == Pool.GLOBAL ? RerankMethod.PAIRWISE : RerankMethod.LISTWISE;
  }
}
