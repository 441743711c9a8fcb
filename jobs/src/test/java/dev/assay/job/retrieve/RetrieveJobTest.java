package dev.assay.job.retrieve;

import static java.util.stream.Collectors.toSet;
import static org.apache.spark.sql.functions.min;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.JobRunner;
import dev.assay.job.TestSpark;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.search.Pool;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import dev.assay.udf.compute.DeviceChoice;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrieveJobTest {
  private static final List<SimilarityLimit> LIMITS =
      List.of(SimilarityLimit.positive(), SimilarityLimit.none(), SimilarityLimit.below(0.3));

  @TempDir Path folder;
  private final SparkSession spark = TestSpark.session();

  @Test
  void equalsBruteForceForEveryPoolAndLimit() {
    World world = World.random(new Random(5), 40, 150, 24);
    Workspace workspace = world.write(open("world"), 3);
    for (Pool pool : Pool.values()) {
      for (SimilarityLimit limit : LIMITS) {
        RetrieveOptions options = new RetrieveOptions(12, pool, limit, 32);
        run(workspace, options);
        assertEquals(world.retrieved(options), rows(workspace, Tables.RETRIEVED), "" + options);
        assertEquals(world.excluded(options), rows(workspace, Tables.EXCLUDED), "" + options);
      }
    }
  }

  @Test
  void givesTheSameTablesFromAnyBlocksAndPartitions() {
    World world = World.random(new Random(6), 30, 120, 65);
    RetrieveOptions options = RetrieveOptions.defaults();
    for (int[] cut : new int[][] {{5, 17}, {64, 2}, {4096, 1}}) {
      Workspace workspace = world.write(open("blocks of " + cut[0]), cut[1]);
      run(
          workspace,
          new RetrieveOptions(options.topK(), options.pool(), options.maxSimilarity(), cut[0]));
      assertEquals(world.retrieved(options), rows(workspace, Tables.RETRIEVED));
      assertEquals(world.excluded(options), rows(workspace, Tables.EXCLUDED));
    }
  }

  @Test
  void searchesMoreQueriesThanOneTaskHolds() {
    World world = World.random(new Random(10), 60, 40, 4);
    for (Pool pool : Pool.values()) {
      Workspace workspace = world.write(open("world in pool " + pool), 2);
      RetrieveOptions options = new RetrieveOptions(5, pool, SimilarityLimit.none(), 16);
      List<Integer> slices = new ArrayList<>();
      run(workspace, new RetrieveJob(options, 20, slices::add));
      assertEquals(List.of(0, 1, 2), slices);
      assertEquals(world.retrieved(options), rows(workspace, Tables.RETRIEVED));
      assertEquals(world.excluded(options), rows(workspace, Tables.EXCLUDED));
      assertFalse(workspace.has(Tables.SLICE_STORE));
    }
  }

  @Test
  void aKilledJobGoesOnWithTheSliceThatItWasIn() {
    World world = World.random(new Random(12), 40, 30, 4);
    Workspace workspace = world.write(open("world"), 2);
    RetrieveOptions options = new RetrieveOptions(5, Pool.GLOBAL, SimilarityLimit.none(), 16);
    killAtThirdSlice(workspace, options);
    assertFalse(workspace.has(Tables.RETRIEVED));
    List<Integer> slices = new ArrayList<>();
    run(workspace, new RetrieveJob(options, 10, slices::add));
    assertEquals(List.of(3), slices);
    assertEquals(world.retrieved(options), rows(workspace, Tables.RETRIEVED));
    assertEquals(world.excluded(options), rows(workspace, Tables.EXCLUDED));
  }

  @Test
  void slicesOfOtherVectorsOrOtherSlicesAreNotUsed() {
    World world = World.random(new Random(13), 40, 30, 4);
    Workspace workspace = world.write(open("world"), 2);
    RetrieveOptions options = new RetrieveOptions(5, Pool.GLOBAL, SimilarityLimit.none(), 16);
    killAtThirdSlice(workspace, options);
    List<Integer> slices = new ArrayList<>();
    run(workspace, new RetrieveJob(options, 20, slices::add));
    assertEquals(List.of(0, 1), slices);
    assertEquals(world.retrieved(options), rows(workspace, Tables.RETRIEVED));

    killAtThirdSlice(workspace, new RetrieveOptions(6, Pool.GLOBAL, SimilarityLimit.none(), 16));
    World other = World.random(new Random(14), 40, 30, 4);
    other.write(workspace, 2);
    slices.clear();
    run(workspace, new RetrieveJob(options, 10, slices::add));
    assertEquals(List.of(0, 1, 2, 3), slices);
    assertEquals(other.retrieved(options), rows(workspace, Tables.RETRIEVED));
  }

  private void killAtThirdSlice(Workspace workspace, RetrieveOptions options) {
    RetrieveJob dying =
        new RetrieveJob(
            options,
            10,
            slice -> {
              if (slice == 2) {
                throw new IllegalStateException("killed");
              }
            });
    assertThrows(IllegalStateException.class, () -> run(workspace, dying));
  }

  @Test
  void searchingAllCellsIsSearchingExactly() {
    World world = World.random(new Random(15), 30, 120, 12);
    Workspace workspace = world.write(open("world"), 2);
    RetrieveOptions options = ivf(Pool.DATASET, 3, 3);
    run(workspace, options);
    assertEquals(world.retrieved(options), rows(workspace, Tables.RETRIEVED));
    assertEquals(world.excluded(options), rows(workspace, Tables.EXCLUDED));
  }

  @Test
  void searchingSomeCellsFindsTheRecallThatTheManifestNames() {
    World world = World.random(new Random(16), 30, 300, 12);
    Workspace workspace = world.write(open("world"), 2);
    run(workspace, ivf(Pool.GLOBAL, 8, 3));
    List<String> found = rows(workspace, Tables.RETRIEVED);
    Set<String> exact = pairs(world.retrieved(ivf(Pool.GLOBAL, 8, 3)));
    Set<String> both = pairs(found);
    both.retainAll(exact);
    SortedMap<String, Long> counts = workspace.manifest(Tables.RETRIEVED).counts();
    assertEquals(exact.size(), counts.get("recall_exact"));
    assertEquals(both.size(), counts.get("recall_found"));
    assertTrue(both.size() > exact.size() / 2 && both.size() < exact.size(), both.size() + "");

    Workspace again = world.write(open("again"), 5);
    run(again, ivf(Pool.GLOBAL, 8, 3));
    assertEquals(found, rows(again, Tables.RETRIEVED));
  }

  @Test
  void refusesMoreCellsThanCandidates() {
    Workspace workspace = World.random(new Random(9), 3, 7, 8).write(open("world"), 1);
    SettingsException e =
        assertThrows(SettingsException.class, () -> run(workspace, ivf(Pool.GLOBAL, 8, 2)));
    assertTrue(e.getMessage().contains("into 8 cells"), e.getMessage());
    assertThrows(SettingsException.class, () -> new IvfOptions(8, 9));
    assertThrows(SettingsException.class, () -> new IvfOptions(8, 0));
    assertThrows(SettingsException.class, () -> new IvfOptions(1, 1));
  }

  private static RetrieveOptions ivf(Pool pool, int cells, int probes) {
    return new RetrieveOptions(
        10,
        pool,
        SimilarityLimit.none(),
        16,
        Optional.of(new IvfOptions(cells, probes)),
        DeviceChoice.CPU);
  }

  /** Query and candidate of rows of {@code retrieved}. */
  private static Set<String> pairs(List<String> rows) {
    return rows.stream().map(row -> row.replaceAll("(,[^,]*){2}$", "")).collect(toSet());
  }

  @Test
  void aDryRunMeasuresHowFastCandidatesAreCompared() {
    World world = World.random(new Random(11), 5, 40, 8);
    Workspace workspace = world.write(open("world"), 2);
    RetrieveOptions options = new RetrieveOptions(3, Pool.GLOBAL, SimilarityLimit.none(), 16);
    PrintStream none = new PrintStream(PrintStream.nullOutputStream(), true);
    JobRunner runner = new JobRunner(spark, workspace, none, none);

    CostEstimate given =
        runner.estimate(new RetrieveJob(options), OptionalDouble.of(2)).orElseThrow();
    CostEstimate measured =
        runner.estimate(new RetrieveJob(options), OptionalDouble.empty()).orElseThrow();

    assertEquals(
        List.of("products", "rows", "time"), given.lines().stream().map(l -> l.what()).toList());
    assertTrue(
        given.lines().get(2).text().endsWith("at 2.0 products/s, as given"), given::toString);
    assertTrue(measured.lines().get(2).text().endsWith("measured here on some of them"));
    assertTrue(measured.seconds() > 0 && measured.seconds() < 60, measured::toString);
  }

  @Test
  void findsTheKInSpiteOfManyExclusions() {
    World world = World.random(new Random(7), 5, 170, 16);
    Workspace workspace = world.write(open("world"), 2);
    run(workspace, new RetrieveOptions(90, Pool.GLOBAL, SimilarityLimit.none(), 10));
    Row counts =
        workspace.read(Tables.RETRIEVED).groupBy(Tables.QUERY_ID).count().agg(min("count")).first();
    assertEquals(90, counts.getLong(0));
  }

  @Test
  void setsAsideQueriesWithoutAPositiveWhereTheLimitIsThePositive() {
    World world = World.random(new Random(8), 20, 50, 8);
    world.positives().get(3).clear();
    world.positives().get(4).clear();
    world.positives().get(4).add("c0");
    world.unembedded().add("c0");
    Workspace workspace = world.write(open("world"), 2);
    run(workspace, RetrieveOptions.defaults());
    assertEquals(
        List.of("q3 no_positive", "q4 positive_not_embedded"),
        workspace.read(Tables.QUARANTINE).sort("id").collectAsList().stream()
            .map(row -> row.getAs("id") + " " + row.getAs("reason"))
            .toList());
    run(workspace, new RetrieveOptions(50, Pool.GLOBAL, SimilarityLimit.none(), 4096));
    assertEquals(0, workspace.read(Tables.QUARANTINE).count());
  }

  @Test
  void refusesEmbeddingsOfTwoModels() {
    Workspace workspace = World.random(new Random(9), 3, 4, 8).write(open("world"), 1);
    World other = World.random(new Random(9), 3, 4, 9);
    other.writeCandidateEmbeddings(workspace, 1);
    SettingsException e =
        assertThrows(SettingsException.class, () -> run(workspace, RetrieveOptions.defaults()));
    assertEquals(
        "Cannot compare query_embeddings of 8 dimensions with candidate_embeddings of 9: embed both"
            + " with one model",
        e.getMessage());
  }

  @Test
  void retrievesNothingFromEmptyTables() {
    Workspace workspace = World.random(new Random(9), 0, 0, 8).write(open("world"), 1);
    run(workspace, RetrieveOptions.defaults());
    assertEquals(List.of(), rows(workspace, Tables.RETRIEVED));
  }

  private Workspace open(String name) {
    return Workspace.open(spark, folder.resolve(name).toString());
  }

  private void run(Workspace workspace, RetrieveOptions options) {
    run(workspace, new RetrieveJob(options));
  }

  private void run(Workspace workspace, RetrieveJob job) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    new JobRunner(spark, workspace, nowhere, nowhere).run(job);
  }

  private static List<String> rows(Workspace workspace, String table) {
    List<String> rows = new ArrayList<>();
    workspace.read(table).collectAsList().forEach(row -> rows.add(row.toString()));
    rows.sort(null);
    return rows;
  }
}
