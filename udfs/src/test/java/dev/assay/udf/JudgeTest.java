package dev.assay.udf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.item.ContentHash;
import dev.assay.judge.PairScorer;
import dev.assay.udf.task.ModelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest extends JudgeOverFakeScorer {
  @Test
  void badRowsGetNullAndAReasonAndTheOthersAMargin() {
    List<Row> rows =
        List.of(
            pair("q", "good"),
            pair("q", "bad"),
            pair("q", "long"),
            pair("q", "nan"),
            pair("q", ""),
            pair("bad", "good"),
            pair(null, "good"),
            pair("q", "fine"));
    Map<String, Row> byPair = new HashMap<>();
    for (Row row : judge().transform(pairs(rows)).collectAsList()) {
      byPair.put(row.getString(1) + "-" + row.getString(3), row);
    }

    assertEquals(rows.size(), byPair.size());
    assertEquals(FakeScorer.margin("q", "good"), byPair.get("q-good").<Float>getAs("margin"));
    assertEquals(FakeScorer.margin("q", "fine"), byPair.get("q-fine").<Float>getAs("margin"));
    assertError("unreadable_image: candidate: not an image", byPair.get("q-bad"));
    assertError("too_long: 5000 tokens", byPair.get("q-long"));
    assertError("nan_margin: the judge's margin is NaN", byPair.get("q-nan"));
    assertError("empty_item: candidate: neither text nor image", byPair.get("q-"));
    assertError("unreadable_image: query: not an image", byPair.get("bad-good"));
    assertError("empty_item: query: neither text nor image", byPair.get("null-good"));
  }

  @Test
  void anImageWithOtherBytesThanAtIngestIsABadRow() {
    String ingested = ContentHash.of(null, bytes("image"));
    StructType withHashes =
        PAIRS.add("qh", DataTypes.StringType, true).add("ch", DataTypes.StringType, true);
    List<Row> rows =
        List.of(
            hashed(pair(null, "image", null, "image"), ingested, ingested),
            hashed(pair(null, "image", null, "other"), ingested, ingested),
            hashed(pair(null, "image", null, "other"), "of another day", null),
            hashed(pair("q", null, null, "other"), "texts are not checked", null));
    Map<Integer, Row> scored = new HashMap<>();
    Dataset<Row> pairs = spark.createDataFrame(rows, withHashes);
    for (Row row : judge().setHashCols("qh", "ch").transform(pairs).collectAsList()) {
      scored.put(row.getInt(0), row);
    }

    assertNull(scored.get(0).getAs("error"));
    assertError(CHANGED.formatted("candidate"), scored.get(1));
    assertError(CHANGED.formatted("query"), scored.get(2));
    assertNull(scored.get(3).getAs("error"));
    assertEquals(
        4, judge().transform(pairs).where("error is null").count(), "without columns: unchecked");
    assertThrows(
        IllegalArgumentException.class,
        () -> judge().setHashCols("qh", "nope").transformSchema(withHashes));
  }

  private static final String CHANGED =
      "changed_image: %s: the image has other bytes than when it was ingested; run ingest again";

  private static Row hashed(Row pair, String query, String candidate) {
    return RowFactory.create(
        pair.get(0), pair.get(1), pair.get(2), pair.get(3), pair.get(4), query, candidate);
  }

  @Test
  void anImageThatIsNotThereIsABadRow(@TempDir Path folder) {
    Row row =
        judge()
            .setImageRoot(folder.toUri().toString())
            .setInputCols("qt", "path", "ct", "ci")
            .transform(pairs(List.of(pair("q", "c"))).withColumn("path", functions.lit("gone.png")))
            .first();

    assertTrue(
        row.<String>getAs("error").startsWith("missing_image: query: gone.png"), row::toString);
  }

  @Test
  void withLittleMemoryOnlyThePairThatDoesNotFitAloneIsLost() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      rows.add(pair("q", i == 17 ? "huge" : "c" + i));
    }
    Map<Integer, Float> plenty = margins(judge().transform(pairs(rows)));
    for (int memory : new int[] {1, 7}) {
      Dataset<Row> scored =
          judge().withSource(FakeScorer.source(memory)).transform(pairs(rows)).cache();
      Map<Integer, Float> margins = margins(scored);

      assertNull(margins.remove(17));
      Map<Integer, Float> expected = new HashMap<>(plenty);
      expected.remove(17);
      assertEquals(expected, margins);
      assertError(
          "out_of_memory: CUDA out of memory. Tried to allocate", scored.where("id = 17").first());
      scored.unpersist();
    }
  }

  private static Map<Integer, Float> margins(Dataset<Row> scored) {
    Map<Integer, Float> margins = new HashMap<>();
    scored.collectAsList().forEach(row -> margins.put(row.getInt(0), row.<Float>getAs("margin")));
    return margins;
  }

  @Test
  void autoPutsTheCandidateFirstWhereOnlyItHasAnImage() {
    List<Row> rows =
        List.of(
            pair("text query", null, null, "image 1"),
            pair("other text query", null, null, "image 1"),
            pair(null, "image 2", "text 1", null),
            pair(null, "image 2", "text 2", null),
            pair("text 3", null, "text 4", null),
            pair(null, "image 5", null, "image 6"));
    List<Row> scored =
        judge().setOrder("auto").setFingerprintCol("judge").transform(pairs(rows)).collectAsList();

    assertEquals(
        List.of(
            new FakeScorer.Call(false, "image 2", 2),
            new FakeScorer.Call(false, "image 5", 1),
            new FakeScorer.Call(false, "text 3", 1),
            new FakeScorer.Call(true, "image 1", 2)),
        sorted());
    for (Row row : scored) {
      boolean expected = row.getString(1) != null && row.getString(1).contains("text query");
      assertEquals(expected, row.<String>getAs("judge").equals("fake-candidate-first"));
    }
  }

  @Test
  void isSavedAndLoadedWithItsSettings(@TempDir Path folder) throws Exception {
    Judge judge = judge().setOrder("auto").setBatchSize(7).setDevice("cpu").setPrecision("float32");
    String path = folder.resolve("pipeline").toString();
    new Pipeline().setStages(new PipelineStage[] {judge}).save(path);
    Judge loaded = (Judge) Pipeline.load(path).getStages()[0];

    assertEquals(settings(judge), settings(loaded));
    assertEquals(judge.uid(), loaded.uid());

    String fitted = folder.resolve("fitted").toString();
    new Pipeline()
        .setStages(new PipelineStage[] {judge})
        .fit(pairs(List.of(pair("q", "c"))))
        .save(fitted);
    assertEquals(settings(judge), settings(PipelineModel.load(fitted).stages()[0]));

    judge.save(folder.resolve("alone").toString());
    assertEquals(settings(judge), settings(Judge.load(folder.resolve("alone").toString())));
  }

  @Test
  void aCopyGivesTheSameMargins() {
    Judge copy = judge().setBatchSize(3).copy(org.apache.spark.ml.param.ParamMap.empty());

    Row row = copy.transform(pairs(List.of(pair("q", "c")))).first();
    assertEquals(FakeScorer.margin("q", "c"), row.<Float>getAs("margin"));
    assertEquals(3, (int) copy.getOrDefault(copy.batchSize()));
  }

  @Test
  void saysInOneLineWhatIsWrongWithSchemaOrSettings() {
    assertRefused("Cannot judge: modelUrl is not set", new Judge());
    assertRefused(
        "Cannot judge: inputCols is not set: name the columns for [query_text, query_image,"
            + " candidate_text, candidate_image]",
        new Judge().setModelUrl("m"));
    assertRefused(
        "Cannot judge: inputCols names 2 columns, but [query_text, query_image, candidate_text,"
            + " candidate_image] are needed",
        judge().setInputCols("qt", "qi"));
    assertRefused(
        "Cannot judge: no column 'nope' among id, qt, qi, ct, ci",
        judge().setInputCols("qt", "nope", "ct", "ci"));
    assertRefused(
        "Cannot judge: column 'id' is int, but query_image must be string (a path) or binary (the"
            + " file)",
        judge().setInputCols("qt", "id", "ct", "ci"));
    assertRefused(
        "Cannot judge: column 'qi' is binary, but query_text must be string",
        judge().setInputCols("qi", "qi", "ct", "ci"));
    assertRefused("Cannot judge: output column 'ct' is already there", judge().setOutputCol("ct"));
    assertThrows(IllegalArgumentException.class, () -> judge().setOrder("both"));
    assertThrows(IllegalArgumentException.class, () -> judge().setBatchSize(0));
  }

  @Test
  void withoutAnErrorColumnABadRowIsANull() {
    Dataset<Row> scored = judge().setErrorCol("").transform(pairs(List.of(pair("q", "bad"))));

    assertFalse(List.of(scored.columns()).contains("error"));
    assertTrue(scored.first().isNullAt(5));
  }

  @Test
  void anEmptyTableLoadsNoModel() {
    ModelSource<PairScorer> refusing =
        settings -> {
          throw new IllegalStateException("opened");
        };
    assertEquals(0, judge().withSource(refusing).transform(pairs(List.of())).count());
  }

  private void assertRefused(String message, Judge judge) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> judge.transformSchema(PAIRS));
    assertEquals(message, e.getMessage());
  }

  /** Every setting as text, inputCols by its columns. */
  private static String settings(PipelineStage stage) {
    String columns = List.of(((Judge) stage).getOrDefault(((Judge) stage).inputCols())).toString();
    return columns + stage.explainParams().replaceAll("\\[Ljava.lang.String;@\\w+", "");
  }

  private static void assertError(String message, Row row) {
    assertTrue(row.isNullAt(row.fieldIndex("margin")), row::toString);
    assertEquals(message, row.getAs("error"));
  }
}
