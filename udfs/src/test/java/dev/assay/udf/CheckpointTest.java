package dev.assay.udf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.udf.compute.ModelCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Transformers over real, tiny checkpoints: transformers' values come out of a DataFrame. */
class CheckpointTest {
  private static final float RESIZED = 1e-3f;
  private static final StructType PAIRS =
      new StructType()
          .add("qt", DataTypes.StringType)
          .add("qi", DataTypes.StringType)
          .add("ct", DataTypes.StringType)
          .add("ci", DataTypes.StringType)
          .add("expected", DataTypes.FloatType);

  private final SparkSession spark = TestSpark.session();

  @ParameterizedTest
  @CsvSource({"qwen2-vl, query-first", "qwen2-vl, candidate-first", "qwen2.5-vl, query-first"})
  void marginsInATableEqualTransformers(String checkpoint, String order) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode pair : Fixtures.reference(checkpoint).get("cases")) {
      if (pair.get("order").asText().equals(order)) {
        JsonNode query = pair.get("query");
        JsonNode candidate = pair.get("candidate");
        rows.add(
            RowFactory.create(
                text(query, "text"),
                text(query, "image"),
                text(candidate, "text"),
                text(candidate, "image"),
                (float) pair.get("margin").asDouble()));
      }
    }
    List<Row> judged = judge(checkpoint).setOrder(order).transform(pairs(rows)).collectAsList();

    assertTrue(rows.size() >= 5);
    assertEquals(rows.size(), judged.size());
    for (Row row : judged) {
      assertEquals(
          row.<Float>getAs("expected"), row.<Float>getAs("margin"), RESIZED, row::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl"})
  void embeddingsInATableEqualTransformers(String checkpoint) {
    List<Row> rows = new ArrayList<>();
    List<JsonNode> expected = new ArrayList<>();
    for (JsonNode entry : Fixtures.reference(checkpoint).get("embeddings")) {
      rows.add(
          RowFactory.create(
              text(entry.get("item"), "text"), text(entry.get("item"), "image"), rows.size()));
      expected.add(entry.get("embedding"));
    }
    StructType items =
        new StructType()
            .add("text", DataTypes.StringType)
            .add("image", DataTypes.StringType)
            .add("n", DataTypes.IntegerType);
    List<Row> embedded =
        new Embedder()
            .setModelUrl(Fixtures.path(checkpoint).toString())
            .setImageRoot(Fixtures.path("images").toString())
            .setInputCols("text", "image")
            .setOutputCol("embedding")
            .setDevice("cpu")
            .setPrecision("float32")
            .setBatchSize(3)
            .transform(spark.createDataFrame(rows, items).repartition(3))
            .collectAsList();

    assertEquals(expected.size(), embedded.size());
    for (Row row : embedded) {
      List<Float> vector = row.getList(3);
      JsonNode reference = expected.get(row.getInt(2));
      double cosine = 0;
      for (int i = 0; i < vector.size(); i++) {
        cosine += vector.get(i) * reference.get(i).asDouble();
      }
      assertEquals(1, cosine, 1e-5, row.toString());
    }
  }

  @Test
  void aBrokenImageAffectsOnlyItsOwnPairs(@TempDir Path folder) throws Exception {
    Files.copy(Fixtures.path("images").resolve("exact.png"), folder.resolve("good.png"));
    byte[] whole = Files.readAllBytes(folder.resolve("good.png"));
    Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(folder.resolve("text.png"), "this is no image");
    List<Row> rows =
        List.of(
            RowFactory.create("a query", null, null, "good.png", 0f),
            RowFactory.create("a query", null, null, "cut.png", 0f),
            RowFactory.create("a query", null, "words", "text.png", 0f),
            RowFactory.create("a query", null, "words", null, 0f));
    Judge judge = judge("qwen2-vl").setImageRoot(folder.toString()).setErrorCol("error");

    for (Row row : judge.transform(pairs(rows)).collectAsList()) {
      String image = row.getString(3);
      String error = row.getAs("error");
      if (image == null || image.equals("good.png")) {
        assertFalse(row.isNullAt(5), row::toString);
      } else {
        assertTrue(error.matches("(truncated|unreadable)_image: candidate: .+"), error);
      }
    }
  }

  @Test
  void oneModelServesBothOrdersAndAllTasks() {
    ModelCache.EXECUTOR.closeUnused();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(RowFactory.create("query " + i % 8, null, "candidate " + i, null, 0f));
      rows.add(RowFactory.create("query " + i % 8, null, null, "small.png", 0f));
    }
    Judge judge = judge("qwen2-vl").setOrder("auto").setFingerprintCol("judge");
    List<Row> judged = judge.transform(pairs(rows)).collectAsList();

    assertEquals(80, judged.size());
    assertTrue(judged.stream().noneMatch(row -> row.isNullAt(5)));
    assertEquals(1, ModelCache.EXECUTOR.size());
    List<String> both = judge.check(spark);
    assertEquals(2, both.size());
    for (Row row : judged) {
      assertEquals(both.get(row.isNullAt(3) ? 0 : 1), row.getAs("judge"));
    }
  }

  @Test
  void checkSaysInOneLineWhyAModelCannotBeUsed(@TempDir Path folder) throws Exception {
    CheckpointException missing =
        assertThrows(
            CheckpointException.class,
            () -> judge("qwen2-vl").setModelUrl(folder.resolve("gone").toString()).check(spark));
    assertTrue(missing.getMessage().contains("gone"), missing.getMessage());
    assertEquals(1, missing.getMessage().lines().count());

    Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"Bert\"]}");
    assertThrows(
        CheckpointException.class,
        () -> judge("qwen2-vl").setModelUrl(folder.toString()).check(spark));
  }

  private static Judge judge(String checkpoint) {
    return new Judge()
        .setModelUrl(Fixtures.path(checkpoint).toString())
        .setImageRoot(Fixtures.path("images").toString())
        .setInputCols("qt", "qi", "ct", "ci")
        .setOutputCol("margin")
        .setDevice("cpu")
        .setPrecision("float32");
  }

  private static String text(JsonNode item, String field) {
    return item.get(field).isNull() ? null : item.get(field).asText();
  }

  private Dataset<Row> pairs(List<Row> rows) {
    return spark.createDataFrame(rows, PAIRS);
  }
}
