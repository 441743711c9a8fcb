package dev.assay.udf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.assay.Fixtures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint for which the letter z is not a number, and everything else is as ever. */
class NanModelTest {
  private static final String CLEAN = Fixtures.path("qwen2-vl").toString();
  private static final int Z = 89; // in the tiny vocabulary
  private static final int HIDDEN = 64;
  private static final StructType TEXTS = new StructType().add("text", DataTypes.StringType);
  private static final List<String> WORDS =
      List.of("red", "a blue square", "zebra", "left of", "green", "two", "circle", "small");

  @TempDir Path folder;
  private final SparkSession spark = TestSpark.session();

  @BeforeEach
  void breakTheLetter() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(CLEAN))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    try (RandomAccessFile weights =
        new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
      byte[] length = new byte[Long.BYTES];
      weights.readFully(length);
      // The embedding is the file's first tensor, in float32.
      long data = 8 + ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      weights.seek(data + 4L * HIDDEN * Z);
      for (int i = 0; i < HIDDEN; i++) {
        weights.writeInt(Integer.reverseBytes(Float.floatToIntBits(Float.NaN)));
      }
    }
  }

  @Test
  void anItemWithoutAVectorLeavesItsBatchAlone() {
    Map<String, Row> clean = embedded(CLEAN);
    Map<String, Row> broken = embedded(folder.toString());

    for (String word : WORDS) {
      Row row = broken.get(word);
      if (word.equals("zebra")) {
        assertNull(row.getAs("vector"));
        assertEquals("nan_embedding: the embedding holds NaN", row.getAs("error"));
      } else {
        assertArrayEquals(vector(clean.get(word)), vector(row), 1e-5f, word);
      }
    }
  }

  @Test
  void aPairWithoutAMarginLeavesItsPackAlone() {
    Map<String, Row> clean = judged(CLEAN, "a query");
    Map<String, Row> broken = judged(folder.toString(), "a query");

    for (String word : WORDS) {
      Row row = broken.get(word);
      if (word.equals("zebra")) {
        assertNull(row.getAs("margin"));
        assertEquals("nan_margin: the judge's margin is NaN", row.getAs("error"));
      } else {
        assertEquals(clean.get(word).<Float>getAs("margin"), row.<Float>getAs("margin"), 1e-4f);
      }
    }
  }

  @Test
  void aSharedSideThatGivesNanGivesNanToAllItsPairs() {
    for (Row row : judged(folder.toString(), "which zoo?").values()) {
      assertEquals("nan_margin: the judge's margin is NaN", row.getAs("error"));
    }
  }

  private Map<String, Row> embedded(String checkpoint) {
    Embedder embedder = new Embedder().setInputCols("text", "none").setOutputCol("vector");
    return byText(embedder.setErrorCol("error"), checkpoint, texts());
  }

  private Map<String, Row> judged(String checkpoint, String query) {
    Judge judge = new Judge().setInputCols("query", "none", "text", "none").setOutputCol("margin");
    Dataset<Row> pairs = texts().withColumn("query", functions.lit(query));
    return byText(judge.setNumPartitions(1).setErrorCol("error"), checkpoint, pairs);
  }

  private Dataset<Row> texts() {
    List<Row> rows = new ArrayList<>();
    WORDS.forEach(word -> rows.add(RowFactory.create(word)));
    return spark
        .createDataFrame(rows, TEXTS)
        .coalesce(1)
        .withColumn("none", functions.lit(null).cast("string"));
  }

  private static Map<String, Row> byText(
      ModelTransformer<?> model, String checkpoint, Dataset<Row> rows) {
    model.setModelUrl(checkpoint).setDevice("cpu").setPrecision("float32");
    Map<String, Row> byText = new HashMap<>();
    model.transform(rows).collectAsList().forEach(row -> byText.put(row.getAs("text"), row));
    return byText;
  }

  private static float[] vector(Row row) {
    List<Float> values = row.getList(row.fieldIndex("vector"));
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    return vector;
  }
}
