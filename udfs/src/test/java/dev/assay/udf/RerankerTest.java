package dev.assay.udf;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.model.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RerankerTest {
  private static final StructType RETRIEVED =
      new StructType()
          .add("query.id", DataTypes.StringType)
          .add("rank", DataTypes.IntegerType)
          .add("qt", DataTypes.StringType)
          .add("qi", DataTypes.StringType)
          .add("ct", DataTypes.StringType)
          .add("ci", DataTypes.StringType);

  private final SparkSession spark = TestSpark.session();

  @BeforeEach
  void forgetCalls() {
    FakeRanker.CALLS.clear();
  }

  @Test
  void eachQueryIsRankedOnceInTheOrderOfRetrievalHoweverTheRowsWerePartitioned() {
    Random random = new Random(3);
    Map<String, List<String>> lists = new HashMap<>();
    List<Row> rows = new ArrayList<>();
    for (int q = 0; q < 40; q++) {
      List<String> candidates = new ArrayList<>();
      for (int c = 1 + random.nextInt(12); c > 0; c--) {
        candidates.add("c" + random.nextInt(1000));
      }
      lists.put("q" + q, candidates);
      rows.addAll(list("q" + q, candidates));
    }
    Collections.shuffle(rows, random);
    for (int partitions : new int[] {1, 7}) {
      FakeRanker.CALLS.clear();
      List<Row> ranked =
          reranker().transform(retrieved(rows).repartition(partitions)).collectAsList();

      assertEquals(rows.size(), ranked.size());
      for (Row row : ranked) {
        String query = row.getString(0);
        float[] expected = FakeRanker.probabilities(query, lists.get(query));
        assertEquals(expected[row.getInt(1)], row.<Float>getAs("probability"), row::toString);
        assertNull(row.getAs("error"));
      }
      assertEquals(lists.size(), FakeRanker.CALLS.size());
    }
  }

  @Test
  void aBadCandidateIsSetAsideAndTheRestOfItsListIsRanked() {
    Map<String, Row> rows = byCandidate(reranker(), list("q", "a", "bad", "b", "", "c"));

    float[] expected = FakeRanker.probabilities("q", List.of("a", "b", "c"));
    assertEquals(expected[0], rows.get("a").<Float>getAs("probability"));
    assertEquals(expected[1], rows.get("b").<Float>getAs("probability"));
    assertEquals(expected[2], rows.get("c").<Float>getAs("probability"));
    assertError("unreadable_image: candidate: not an image", rows.get("bad"));
    assertError("empty_item: candidate: neither text nor image", rows.get(""));
  }

  @Test
  void aListThatCannotBeRankedHasNoProbabilitiesAndOtherListsHave() {
    List<Row> all = new ArrayList<>(list("q1", "a1", "long"));
    all.addAll(list("q2", "nan", "a2"));
    all.addAll(list("q3", "a3", "huge"));
    all.addAll(list("bad", "a4", "b4"));
    all.addAll(list("q5", "a5", "b5"));
    Map<String, Row> rows = byCandidate(reranker(), all);

    assertError("too_long: 5000 tokens", rows.get("a1"));
    assertError("nan_probability: the reranker's probability is NaN", rows.get("a2"));
    assertError("out_of_memory: CUDA out of memory. Tried to allocate", rows.get("a3"));
    assertError("unreadable_image: query: not an image", rows.get("a4"));
    float[] expected = FakeRanker.probabilities("q5", List.of("a5", "b5"));
    assertEquals(expected[1], rows.get("b5").<Float>getAs("probability"));
  }

  @Test
  void withLittleMemoryThePassesOfAListAreHalvedUntilItFits() {
    List<String> candidates = List.of("a", "b", "c");
    Reranker small = reranker().setMaxTokens(1000).withSource(FakeRanker.source(300));
    Map<String, Row> rows = byCandidate(small, list("q", "a", "b", "c"));

    float[] expected = FakeRanker.probabilities("q", candidates);
    assertEquals(expected[2], rows.get("c").<Float>getAs("probability"));
    assertEquals(
        List.of(1000, 500, 250),
        FakeRanker.CALLS.stream().map(FakeRanker.Call::maxTokens).toList());
  }

  @Test
  void aListIsRankedUpToItsLimit() {
    Map<String, Row> rows =
        byCandidate(reranker().setBatchSize(2), list("q", "a", "b", "c", "d", "e"));

    float[] expected = FakeRanker.probabilities("q", List.of("a", "b"));
    assertEquals(expected[1], rows.get("b").<Float>getAs("probability"));
    for (String beyond : List.of("c", "d", "e")) {
      assertError("beyond_list: a list is ranked up to its first 2 candidates", rows.get(beyond));
    }
    assertEquals(1, FakeRanker.CALLS.size());
  }

  @Test
  void whatHasNoScoreFollowsInTheOrderOfRetrieval() {
    List<Row> rows = list("q", "bad", "a", "b", "c", "", "d");
    List<String> order =
        reranker()
            .setBatchSize(5)
            .transform(retrieved(rows))
            .orderBy(Reranker.order(col("probability"), col("rank")))
            .collectAsList()
            .stream()
            .map(row -> row.getString(4))
            .toList();
    assertEquals(List.of("bad", "", "d"), order.subList(3, 6));

    List<String> unranked =
        reranker()
            .transform(retrieved(list("q", "a", "huge", "b")))
            .orderBy(Reranker.order(col("probability"), col("rank")))
            .collectAsList()
            .stream()
            .map(row -> row.getString(4))
            .toList();
    assertEquals(List.of("a", "huge", "b"), unranked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl"})
  void probabilitiesInATableEqualTransformers(String checkpoint) {
    List<Row> rows = new ArrayList<>();
    Map<String, JsonNode> expected = new HashMap<>();
    for (JsonNode list : Fixtures.json("rerank-" + checkpoint + ".json").get("lists")) {
      String name = list.get("name").asText();
      expected.put(name, list.get("probabilities"));
      for (JsonNode candidate : list.get("candidates")) {
        rows.add(
            RowFactory.create(
                name,
                (int) rows.stream().filter(row -> row.getString(0).equals(name)).count(),
                text(list.get("query"), "text"),
                text(list.get("query"), "image"),
                text(candidate, "text"),
                text(candidate, "image")));
      }
    }
    List<Row> ranked = loaded(checkpoint).transform(retrieved(rows)).collectAsList();

    assertEquals(rows.size(), ranked.size());
    for (Row row : ranked) {
      double probability = expected.get(row.getString(0)).get(row.getInt(1)).asDouble();
      assertEquals(probability, row.<Float>getAs("probability"), 1e-3, row::toString);
    }
  }

  @Test
  void pairwiseGivesTheMarginsOfTheJudge() {
    List<Row> rows = new ArrayList<>(list("q1", "a red circle", "two dogs"));
    rows.addAll(list("q2", "a star", "a bowl of rice"));
    Reranker reranker = loaded("qwen2-vl").setMethod("pairwise").setBatchSize(3);
    Judge judge =
        new Judge()
            .setModelUrl(Fixtures.path("qwen2-vl").toString())
            .setInputCols("qt", "qi", "ct", "ci")
            .setOutputCol("probability")
            .setErrorCol("error")
            .setDevice("cpu")
            .setPrecision("float32");

    assertEquals(
        sorted(judge.transform(retrieved(rows))), sorted(reranker.transform(retrieved(rows))));
    assertEquals(judge.check(spark), reranker.check(spark));
    assertEquals(judge.identify(spark), reranker.identify(spark));
  }

  @Test
  void identifyGivesTheFingerprintThatLoadingGives() {
    Reranker reranker = loaded("qwen2.5-vl");
    ModelIdentity identity = reranker.identify(spark);

    assertEquals(new ModelIdentity(Precision.FLOAT32, reranker.check(spark)), identity);
    assertTrue(!identity.equals(loaded("qwen2.5-vl").setInstruction("Which one?").identify(spark)));
  }

  @Test
  void aBrokenImageAffectsNoOtherItem(@TempDir Path folder) throws Exception {
    Files.copy(Fixtures.path("images").resolve("exact.png"), folder.resolve("good.png"));
    Files.writeString(folder.resolve("text.png"), "this is no image");
    List<Row> rows =
        List.of(
            RowFactory.create("q", 0, "a star", null, null, "text.png"),
            RowFactory.create("q", 1, "a star", null, null, "good.png"),
            RowFactory.create("q", 2, "a star", null, "words", null));
    List<Row> ranked =
        loaded("qwen2-vl")
            .setImageRoot(folder.toString())
            .transform(retrieved(rows))
            .orderBy("rank")
            .collectAsList();

    assertTrue(ranked.get(0).<String>getAs("error").startsWith("unreadable_image: candidate: "));
    float sum =
        ranked.get(1).<Float>getAs("probability") + ranked.get(2).<Float>getAs("probability");
    assertEquals(1, sum, 1e-5);
  }

  @Test
  void isSavedLoadedAndCopiedWithItsSettings(@TempDir Path folder) throws Exception {
    Reranker reranker = reranker().setMethod("pairwise").setNumPartitions(3).setInstruction("x");
    String path = folder.resolve("reranker").toString();
    reranker.save(path);

    for (Reranker other : List.of(Reranker.load(path), reranker.copy(ParamMap.empty()))) {
      assertEquals(settings(reranker), settings(other));
    }
  }

  @Test
  void saysInOneLineWhatIsWrongWithSchemaOrSettings() {
    assertRefused("Cannot rerank: listCol is not set", new Reranker().setModelUrl("m"));
    assertRefused(
        "Cannot rerank: no column 'nope' among query.id, rank, qt, qi, ct, ci",
        reranker().setRankCol("nope"));
    assertRefused(
        "Cannot rerank: batchSize is 1001, but a list has at most 1000",
        reranker().setBatchSize(1001));
    assertRefused("Cannot rerank: modelUrl is not set", reranker().setModelUrl(""));
    assertThrows(IllegalArgumentException.class, () -> reranker().setMethod("setwise"));
  }

  private void assertRefused(String message, Reranker reranker) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> reranker.transformSchema(RETRIEVED));
    assertEquals(message, e.getMessage());
  }

  private static String settings(Reranker reranker) {
    String columns = Arrays.toString(reranker.getOrDefault(reranker.inputCols()));
    return columns + reranker.explainParams().replaceAll("\\[Ljava.lang.String;@\\w+", "");
  }

  private static void assertError(String message, Row row) {
    assertNull(row.getAs("probability"), row::toString);
    assertEquals(message, row.getAs("error"));
  }

  private Map<String, Row> byCandidate(Reranker reranker, List<Row> rows) {
    Map<String, Row> result = new HashMap<>();
    reranker
        .transform(retrieved(rows))
        .collectAsList()
        .forEach(row -> result.put(row.getString(4), row));
    assertEquals(rows.size(), result.size());
    return result;
  }

  private static List<String> sorted(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private static Reranker loaded(String checkpoint) {
    return reranker()
        .withSource(null)
        .setModelUrl(Fixtures.path(checkpoint).toString())
        .setImageRoot(Fixtures.path("images").toString())
        .setDevice("cpu")
        .setPrecision("float32");
  }

  private static Reranker reranker() {
    return new Reranker()
        .setModelUrl("nowhere")
        .setInputCols("qt", "qi", "ct", "ci")
        .setListCol("query.id")
        .setRankCol("rank")
        .setOutputCol("probability")
        .setErrorCol("error")
        .withSource(FakeRanker.source(Integer.MAX_VALUE));
  }

  private static List<Row> list(String query, String... candidates) {
    return list(query, List.of(candidates));
  }

  private static List<Row> list(String query, List<String> candidates) {
    List<Row> rows = new ArrayList<>();
    for (String candidate : candidates) {
      rows.add(RowFactory.create(query, rows.size(), query, null, candidate, null));
    }
    return rows;
  }

  private static String text(JsonNode item, String field) {
    return item.get(field).isNull() ? null : item.get(field).asText();
  }

  private Dataset<Row> retrieved(List<Row> rows) {
    return spark.createDataFrame(rows, RETRIEVED);
  }
}
