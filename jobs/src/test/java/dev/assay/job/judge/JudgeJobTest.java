package dev.assay.job.judge;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.JobRunner;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.TestCompute;
import dev.assay.job.TestFolders;
import dev.assay.job.TestSpark;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.store.Slices;
import dev.assay.job.workspace.Tables;
import dev.assay.udf.OrderChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeJobTest {
  private static final Path IMAGES = TinyWorld.FIXTURES.resolve("images");

  /** A workspace that was judged once, for all tests to begin with. */
  @TempDir static Path judged;

  private static TinyWorld judgedWorld;
  private static JobRunner.Outcome judging;

  @TempDir Path folder;

  @BeforeAll
  static void judge() {
    judgedWorld = world(judged).write(IMAGES);
    judging = judgedWorld.run(job(OrderChoice.QUERY_FIRST));
  }

  @Test
  void scoresRetrievedAndPositivePairsOnce() {
    Map<String, Row> scored = scored(judgedWorld);
    assertEquals(
        List.of("q1 c1", "q1 c2", "q1 c3", "q2 c1", "q2 c3"), List.copyOf(scored.keySet()));
    assertEquals(
        Map.of(
            "pairs", 5L,
            "positives", 2L,
            "queries", 2L,
            "distinct_pairs", 5L,
            "reused", 0L,
            "judged", 5L,
            "queries_not_judged", 1L,
            "quarantined", 0L),
        withoutImages(judging.result().counts()));
    Row retrievedPositive = scored.get("q1 c2");
    assertTrue(retrievedPositive.<Boolean>getAs("is_positive"));
    assertEquals(1, retrievedPositive.<Integer>getAs("rank"));
    assertEquals(0.8f, retrievedPositive.<Float>getAs("similarity"));
    Row missedPositive = scored.get("q2 c3");
    assertTrue(missedPositive.<Boolean>getAs("is_positive"));
    assertTrue(missedPositive.isNullAt(missedPositive.fieldIndex("rank")));
    assertTrue(missedPositive.isNullAt(missedPositive.fieldIndex("similarity")));
    assertFalse(scored.get("q1 c1").<Boolean>getAs("is_positive"));
    for (Row row : scored.values()) {
      double margin = row.<Float>getAs("margin");
      assertEquals((float) (1 / (1 + Math.exp(-margin))), row.<Float>getAs("score"), 1e-7f);
      assertFalse(row.<String>getAs("judge").isEmpty());
    }
    assertTrue(judgedWorld.run(job(OrderChoice.QUERY_FIRST)).skipped());
    assertTrue(
        judgedWorld
            .printed()
            .contains("judge: 5 pairs of 2 queries scored (2 positive; 5 distinct), "));
  }

  @Test
  void countsHowOftenImagesWereUsedAndEncoded() {
    Map<String, Long> counts = judging.result().counts();
    assertEquals(3, counts.get("images"));
    // An earlier test may have left features of this model.
    assertTrue(counts.get("images_encoded") <= 3, counts::toString);
    assertEquals(4, counts.get("images_encoded") + counts.get("images_reused"));
    assertTrue(judgedWorld.printed().contains(", 3 images, each encoded "), judgedWorld::printed);
  }

  private static Map<String, Long> withoutImages(Map<String, Long> counts) {
    Map<String, Long> others = new TreeMap<>(counts);
    others.keySet().removeIf(name -> name.startsWith("images"));
    return others;
  }

  @Test
  void pairsOfEqualContentAreJudgedOnceAndAllGetTheMargin() {
    TinyWorld world =
        new TinyWorld(folder)
            .query("q1", "same", null)
            .query("q2", "same", null)
            .candidate("c1", null, "small.png")
            .candidate("c2", null, "small.png")
            .positive("q1", "c1")
            .positive("q2", "c2")
            .retrieved("q1", "c2", 0, 0.5f)
            .retrieved("q2", "c1", 0, 0.5f)
            .write(IMAGES);

    JobRunner.Outcome outcome = world.run(job(OrderChoice.AUTO));

    assertEquals(1, outcome.result().counts().get("distinct_pairs"));
    assertEquals(4, outcome.result().counts().get("pairs"));
    assertEquals(1, scored(world).values().stream().map(r -> r.getAs("margin")).distinct().count());
  }

  @Test
  void anotherOrderIsAnotherJudge() {
    TinyWorld world = world(TestFolders.copy(judged, folder));
    Map<String, Row> queryFirst = scored(world);
    assertFalse(world.run(job(OrderChoice.AUTO)).skipped());
    Map<String, Row> auto = scored(world);

    Row textToImage = auto.get("q1 c1"); // the image stands in front
    assertNotEquals(
        queryFirst.get("q1 c1").<String>getAs("judge"), textToImage.<String>getAs("judge"));
    Row imageToText = auto.get("q2 c3"); // as before
    assertEquals(
        queryFirst.get("q2 c3").<String>getAs("judge"), imageToText.<String>getAs("judge"));
    assertEquals(
        queryFirst.get("q2 c3").<Float>getAs("margin"), imageToText.<Float>getAs("margin"), 1e-4f);
  }

  @Test
  void aPairThatCannotBeJudgedGoesToQuarantine() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    for (String name : List.of("exact.png", "exact-wide.png", "small.png")) {
      Files.copy(IMAGES.resolve(name), images.resolve(name));
    }
    Path changed = Files.copy(IMAGES.resolve("exact.png"), images.resolve("changed.png"));
    TinyWorld world =
        world(folder)
            .candidate("c8", null, "changed.png")
            .candidate("c9", null, "gone.png")
            .retrieved("q1", "c8", 3, 0.1f)
            .retrieved("q1", "c9", 4, 0.1f)
            .write(images);
    Files.copy(IMAGES.resolve("small.png"), changed, REPLACE_EXISTING);

    QuarantineLimit tenth = new QuarantineLimit("assay.max-quarantined", 0.1);
    JobFailedException stopped =
        assertThrows(
            JobFailedException.class, () -> world.run(job(OrderChoice.QUERY_FIRST), tenth));
    assertTrue(
        stopped
            .getMessage()
            .startsWith(
                "Cannot judge: 2 of 7 rows (28.6%) cannot be used, more than"
                    + " assay.max-quarantined = 0.1: changed_image 1, missing_image 1; such as"
                    + " retrieved q1 c8: "),
        stopped::getMessage);
    assertFalse(world.workspace.has(Tables.SCORED));

    world.run(job(OrderChoice.QUERY_FIRST));

    assertEquals(5, scored(world).size());
    Map<String, Row> quarantine = new TreeMap<>();
    world.rows(Tables.QUARANTINE).forEach(row -> quarantine.put(row.getAs("id"), row));
    assertEquals(List.of("q1 c8", "q1 c9"), List.copyOf(quarantine.keySet()));
    Row row = quarantine.get("q1 c9");
    assertEquals("judge", row.getAs("stage"));
    assertEquals("missing_image", row.getAs("reason"));
    assertTrue(row.<String>getAs("detail").startsWith("candidate: gone.png"), row::toString);
    assertEquals("retrieved", row.getAs("source"));
    Row replaced = quarantine.get("q1 c8");
    assertEquals("changed_image", replaced.getAs("reason"));
    assertTrue(replaced.<String>getAs("detail").contains("run ingest again"), replaced::toString);
    assertEquals(
        5,
        world.rows(Tables.SCORE_STORE).stream().filter(r -> r.getAs("margin") != null).count(),
        "no margin of the new bytes stands under the old hash");
  }

  @Test
  void moreRetrievedPairsCostOnlyThemselves() {
    TinyWorld world = world(TestFolders.copy(judged, folder));
    Map<String, Row> before = scored(world);

    world.candidate("c4", "more words", null).retrieved("q1", "c4", 3, 0.2f).write(IMAGES);
    JobRunner.Outcome outcome = world.run(job(OrderChoice.QUERY_FIRST));

    assertEquals(5, outcome.result().counts().get("reused"));
    assertEquals(1, outcome.result().counts().get("judged"));
    Map<String, Row> after = scored(world);
    assertTrue(after.keySet().containsAll(List.of("q1 c4", "q2 c3")), () -> "" + after.keySet());
    before.forEach((pair, row) -> assertEquals(row, after.get(pair)));
    String said = world.printed();
    assertTrue(said.contains("judge  5 of 6 pairs are in the store, 1 to judge"), said);
    assertTrue(said.contains("5 reused, 1 judged at "), said);
  }

  @Test
  void anotherInstructionIsAnotherJudgeAndGoingBackIsFree() {
    TinyWorld world = world(TestFolders.copy(judged, folder));
    Map<String, Row> before = scored(world);
    JobRunner.Outcome other =
        world.run(new JudgeJob(options(OrderChoice.QUERY_FIRST, "Is it red?")));
    assertEquals(5, other.result().counts().get("judged"));
    assertNotEquals(before.get("q1 c1"), scored(world).get("q1 c1"));

    JobRunner.Outcome back = world.run(job(OrderChoice.QUERY_FIRST));

    assertFalse(back.skipped());
    assertEquals(5, back.result().counts().get("reused"));
    assertEquals(0, back.result().counts().get("judged"));
    assertEquals(before, scored(world));
  }

  @Test
  void theSigmoidHoldsAtItsEnds() {
    List<Row> scores =
        TestSpark.session()
            .sql("select explode(array(-1000f, -90f, 0f, 90f, 1000f)) margin")
            .select(JudgeJob.sigmoid(functions.col("margin")))
            .collectAsList();
    assertEquals(0f, scores.get(0).getFloat(0));
    assertEquals((float) Math.exp(-90), scores.get(1).getFloat(0));
    assertEquals(0.5f, scores.get(2).getFloat(0));
    assertEquals(1f, scores.get(4).getFloat(0));
  }

  @Test
  void aStoppedRunsPairsAreNotFoundAgain() {
    TinyWorld world = world(folder).write(IMAGES);
    JudgeJob stopped =
        new JudgeJob(
            options(OrderChoice.QUERY_FIRST),
            context -> {
              throw new JobFailedException("stopped");
            });
    assertThrows(JobFailedException.class, () -> world.run(stopped));
    List<String> found = world.workspace.manifest(Tables.PAIR_STORE).commits();
    assertThrows(JobFailedException.class, () -> world.run(stopped));
    assertEquals(found, world.workspace.manifest(Tables.PAIR_STORE).commits());

    world.run(job(OrderChoice.QUERY_FIRST));

    assertEquals(scored(judgedWorld), scored(world));
    assertFalse(world.workspace.has(Tables.PAIR_STORE));
  }

  @Test
  void failsWhereThereIsNothingToJudge() {
    TinyWorld world =
        new TinyWorld(folder)
            .query("q1", "text", null)
            .candidate("c1", "text", null)
            .retrieved("q1", "c1", 0, 0.5f)
            .write(IMAGES);

    JobFailedException e =
        assertThrows(JobFailedException.class, () -> world.run(job(OrderChoice.QUERY_FIRST)));
    assertEquals(
        "Cannot judge: there are no pairs; does any query have a positive?", e.getMessage());
    assertFalse(world.workspace.has(Tables.SCORED));
  }

  @Test
  void refusesWrongSettings() {
    SettingsException e =
        assertThrows(
            SettingsException.class,
            () ->
                new JudgeJobOptions(
                    "", TestCompute.cpu(64, 1024), OrderChoice.AUTO, "", Slices.of(1000)));
    assertTrue(e.getMessage().contains("assay.models.judge"), e.getMessage());
  }

  /** Two queries with positives, one of them not retrieved, and one query without. */
  private static TinyWorld world(Path folder) {
    return TinyWorld.ofThreeQueries(folder)
        .retrieved("q1", "c1", 0, 0.9f)
        .retrieved("q1", "c2", 1, 0.8f)
        .retrieved("q1", "c3", 2, 0.7f)
        .retrieved("q2", "c1", 0, 0.6f)
        .retrieved("q3", "c1", 0, 0.5f);
  }

  private static Map<String, Row> scored(TinyWorld world) {
    Map<String, Row> rows = new TreeMap<>();
    world
        .rows(Tables.SCORED)
        .forEach(row -> rows.put(row.getString(0) + " " + row.getString(1), row));
    return rows;
  }

  private static JudgeJob job(OrderChoice order) {
    return new JudgeJob(options(order));
  }

  private static JudgeJobOptions options(OrderChoice order) {
    return options(order, "");
  }

  private static JudgeJobOptions options(OrderChoice order, String instruction) {
    String model = TinyWorld.FIXTURES.resolve("qwen2-vl").toString();
    return new JudgeJobOptions(
        model, TestCompute.cpu(64, 1024), order, instruction, Slices.of(1000));
  }
}
