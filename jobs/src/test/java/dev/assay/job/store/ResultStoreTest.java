package dev.assay.job.store;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.SCORE_STORE;
import static java.util.Collections.disjoint;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.JobRunner;
import dev.assay.job.TestFolders;
import dev.assay.job.TestJob;
import dev.assay.job.TestSpark;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultStoreTest {
  /** A workspace whose store was filled once, for all tests to begin with. */
  @TempDir static Path filled;

  private static final FakeComputation UNDISTURBED = new FakeComputation("a");
  private static SortedMap<String, Long> filling;

  @TempDir Path folder;
  private Workspace workspace;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeAll
  static void fillOnce() {
    ResultStoreTest test = new ResultStoreTest();
    test.workspace = Workspace.open(TestSpark.session(), filled.toString());
    filling = test.fill(UNDISTURBED);
  }

  @BeforeEach
  void open() {
    workspace = Workspace.open(TestSpark.session(), folder.resolve("empty").toString());
  }

  private void openFilled() {
    Path copy = TestFolders.copy(filled, folder.resolve("filled"));
    workspace = Workspace.open(TestSpark.session(), copy.toString());
  }

  @Test
  void keepsTheSlicesBeforeTheOneThatWasStoppedAndGoesOnWithTheSame() {
    assertEquals(Map.of("values", 40L, "failed", 0L, "reused", 0L, "done", 40L), filling);
    assertTrue(UNDISTURBED.slices.size() >= 3, () -> UNDISTURBED.slices.size() + " slices");

    FakeComputation killed = new FakeComputation("a").stopAfter(2);
    assertThrows(JobFailedException.class, () -> fill(killed));
    FakeComputation resumed = new FakeComputation("a");
    SortedMap<String, Long> counts = fill(resumed);

    List<Set<String>> both = new ArrayList<>(killed.slices);
    both.addAll(resumed.slices);
    assertEquals(UNDISTURBED.slices, both);
    long reused = killed.slices.stream().mapToLong(Set::size).sum();
    assertEquals(reused, counts.get("reused"));
    assertEquals(40 - reused, counts.get("done"));
    assertTrue(
        printed()
            .contains(reused + " of 40 pairs are in the store, " + (40 - reused) + " to judge"),
        this::printed);
  }

  @Test
  void keepsWhatSharesASideInOneSlice() {
    List<String> queries =
        UNDISTURBED.slices.stream()
            .flatMap(slice -> slice.stream().map(pair -> pair.split(" ")[0]).distinct())
            .toList();
    assertEquals(new HashSet<>(queries).size(), queries.size(), "a query is in two slices");
  }

  @Test
  void spreadsASideWithTooManyPairsOverSeveralSlices() {
    FakeComputation fake = new FakeComputation("a");
    new JobRunner(TestSpark.session(), workspace, out(), out())
        .run(new FillJob(fake, pairs(1, 60), Slices.of(10), 64));

    assertTrue(fake.slices.size() > 3, () -> fake.slices.size() + " slices of one query");
    assertTrue(fake.slices.stream().allMatch(slice -> slice.size() < 30), fake.slices::toString);
  }

  @Test
  void computesNothingTwiceAndKeepsWhatOthersMade() {
    openFilled();
    FakeComputation other = new FakeComputation("b");
    assertEquals(40, fill(other).get("done"));

    FakeComputation again = new FakeComputation("a").refusing();
    assertEquals(Map.of("values", 40L, "failed", 0L, "reused", 40L, "done", 0L), fill(again));
    assertFalse(again.checked, "what is not needed was loaded");
    assertEquals(80, workspace.read(SCORE_STORE).count());
  }

  @Test
  void computesOnlyWhatIsNew() {
    openFilled();
    FakeComputation fake = new FakeComputation("a");
    JobRunner.Outcome outcome =
        new JobRunner(TestSpark.session(), workspace, out(), out())
            .run(new FillJob(fake, pairs(10, 5), Slices.of(12), 64));

    assertEquals(10, outcome.result().counts().get("done"));
    assertEquals(50, outcome.result().counts().get("values"));
    Set<String> computed = new TreeSet<>();
    fake.slices.forEach(computed::addAll);
    assertTrue(computed.stream().allMatch(pair -> pair.endsWith(" c4")), computed::toString);
    assertEquals(1, fake.slices.size(), "a few rows of each slice are worked together");
  }

  @Test
  void triesFailuresAgainAndForgetsThem() {
    FakeComputation failing = new FakeComputation("a").failing("c2");
    assertEquals(Map.of("values", 30L, "failed", 10L, "reused", 0L, "done", 40L), fill(failing));
    assertEquals(
        Map.of("values", 30L, "failed", 10L, "reused", 30L, "done", 10L),
        fill(new FakeComputation("a").failing("c2")));

    assertEquals(
        Map.of("values", 40L, "failed", 0L, "reused", 30L, "done", 10L),
        fill(new FakeComputation("a")));
  }

  @Test
  void rewritesManyCommitsAsOneWithoutFailures() {
    new JobRunner(TestSpark.session(), workspace, out(), out())
        .run(new FillJob(new FakeComputation("a").failing("c0"), pairs(10, 4), Slices.of(12), 1));

    assertEquals(1, workspace.manifest(SCORE_STORE).commits().size());
    assertEquals(30, workspace.read(SCORE_STORE).count());
    assertEquals(0, workspace.read(SCORE_STORE).filter(col(ERROR).isNotNull()).count());
  }

  @Test
  void countsWhatIsMissingAndWritesNothing() {
    openFilled();
    Dataset<Row> twice = pairs(10, 5).union(pairs(10, 5));
    List<String> before = files();

    FillJob asking = new FillJob(new FakeComputation("a").refusing(), twice, Slices.of(12), 64);
    ResultStore store = new ResultStore(StoreTable.SCORES, TestJob.context(workspace));
    StoreState state = store.state(asking.all(), asking.fake());

    assertEquals(new StoreState(100, 50, 40), state);
    assertEquals(10, state.missing());
    List<Row> missing = store.sample(asking.all(), asking.fake(), 20).collectAsList();
    assertEquals(10, missing.size());
    assertTrue(missing.stream().allMatch(row -> row.getAs("candidate_text").equals("C4")));
    assertEquals(before, files());
  }

  @Test
  void tellsHowFarItIsAndLeavesNothingElseBehind() throws IOException {
    FakeComputation killed = new FakeComputation("a").stopAfter(2);
    assertThrows(JobFailedException.class, () -> fill(killed));
    long done = killed.slices.stream().mapToLong(Set::size).sum();
    assertTrue(state().contains("\"state\" : \"failed\""), this::state);
    assertTrue(state().contains("\"rowsDone\" : " + done), this::state);

    fill(new FakeComputation("a"));
    assertTrue(state().contains("\"state\" : \"finished\""), this::state);
    assertTrue(state().contains("\"rowsReused\" : " + done), this::state);
    assertTrue(state().contains("\"rowsDone\" : " + (40 - done)), this::state);
    assertTrue(files().stream().noneMatch(file -> file.startsWith(".scratch/")), files()::toString);
  }

  /** Whatever is stored, wanted, and done before a run is killed, and in whatever slices. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void killedRunsEndWithTheContentOfAnUndisturbedOne(long seed) {
    Random random = new Random(seed);
    Slices slices = new Slices(1 + random.nextInt(20), 1 + random.nextInt(4));
    Dataset<Row> wanted = some(pairs(8, 6), 20 + random.nextInt(81), seed);
    Dataset<Row> earlier = some(pairs(8, 6), random.nextInt(60), seed + 1);
    JobRunner runner = new JobRunner(TestSpark.session(), workspace, out(), out());
    runner.run(new FillJob(new FakeComputation("a"), earlier, Slices.of(7), 64));
    Set<String> stored = stored();

    FakeComputation killed = new FakeComputation("a").stopAfter(1 + random.nextInt(2));
    try {
      runner.run(new FillJob(killed, wanted, slices, 64));
    } catch (JobFailedException e) {
      assertEquals("killed", e.getMessage());
    }
    assertTrue(killed.slices.stream().allMatch(slice -> disjoint(slice, stored)));
    Set<String> storedThen = stored();
    FakeComputation resumed = new FakeComputation("a");
    SortedMap<String, Long> counts =
        runner.run(new FillJob(resumed, wanted, slices, 64)).result().counts();

    Set<String> all = new TreeSet<>(stored);
    wanted.collectAsList().forEach(row -> all.add(row.getString(0) + " " + row.getString(1)));
    assertEquals(all, stored());
    assertEquals(all.size(), workspace.read(SCORE_STORE).count(), "a pair stands there twice");
    assertEquals(wanted.count(), counts.get("values"));
    assertTrue(resumed.slices.stream().allMatch(slice -> disjoint(slice, storedThen)));
  }

  private static Dataset<Row> some(Dataset<Row> pairs, int percent, long seed) {
    return pairs.where(
        pmod(xxhash64(col(QUERY_HASH), col(CANDIDATE_HASH), lit(seed)), lit(100)).lt(percent));
  }

  /** The pairs in the store. */
  private Set<String> stored() {
    Set<String> pairs = new TreeSet<>();
    if (workspace.has(SCORE_STORE)) {
      workspace
          .read(SCORE_STORE)
          .collectAsList()
          .forEach(row -> pairs.add(row.getString(0) + " " + row.getString(1)));
    }
    return pairs;
  }

  private String state() {
    try {
      Path folder = Path.of(URI.create(workspace.location()));
      return Files.readString(folder.resolve(SCORE_STORE).resolve(StateFile.NAME));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file of the workspace, but for those of its writer. */
  private List<String> files() {
    Path root = Path.of(URI.create(workspace.location()));
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SortedMap<String, Long> fill(FakeComputation fake) {
    return new JobRunner(TestSpark.session(), workspace, out(), out())
        .run(new FillJob(fake, pairs(10, 4), Slices.of(12), 64))
        .result()
        .counts();
  }

  private static Dataset<Row> pairs(int queries, int candidates) {
    return TestSpark.session()
        .sql(
            ("SELECT 'q' || q AS query_hash, 'c' || c AS candidate_hash"
                    + " FROM (SELECT explode(sequence(0, %d)) q),"
                    + " (SELECT explode(sequence(0, %d)) c)")
                .formatted(queries - 1, candidates - 1));
  }

  private PrintStream out() {
    return new PrintStream(printed, true, StandardCharsets.UTF_8);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
